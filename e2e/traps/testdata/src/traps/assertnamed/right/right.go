package right

import "fmt"

func Run() string {
	return fmt.Sprint(isSecret(&value{text: "x"}), isSecret(&value{text: "y", secret: true}))
}

type value struct {
	text   string
	secret bool
}

func isSecret(v *value) bool { return v.secret }
