// Package right: the left sides in variables.
package right

import (
	"fmt"
)

func Run() string {
	return fmt.Sprint(welcome("x"), admin("x"))
}

func welcome(name string) bool {
	wellKnown := known(&user{name: name})
	return wellKnown || name != ""
}

func admin(name string) bool {
	one := roles(map[string]string{"x": "admin"}) == 1
	return one && name == "x"
}

func known(u *user) bool { return u.name == "admin" }

func roles(m map[string]string) int { return len(m) }

type user struct{ name string }
