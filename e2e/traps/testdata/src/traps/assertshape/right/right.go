package right

import "fmt"

func Run() string {
	return fmt.Sprint(isDog(&animal{"dog", "x"}), isDog(&animal{"cat", "y"}))
}

type animal struct{ kind, name string }

func isDog(v *animal) bool { return v.kind == "dog" }
