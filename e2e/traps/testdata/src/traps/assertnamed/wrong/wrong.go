// Package wrong: a named string behind an interface.
package wrong

import "fmt"

func Run() string { return fmt.Sprint(isSecret("x"), isSecret(secret("y"))) }

type secret string

func isSecret(v any) bool {
	_, ok := v.(secret)
	return ok
}
