// Package wrong: literals with keys left of || and &&, returned.
package wrong

import (
	"fmt"
)

func Run() string {
	return fmt.Sprint(welcome("x"), admin("x"))
}

func welcome(name string) bool {
	return known(&user{name: name}) || name != ""
}

func admin(name string) bool {
	return roles(map[string]string{"x": "admin"}) == 1 && name == "x"
}

func known(u *user) bool { return u.name == "admin" }

func roles(m map[string]string) int { return len(m) }

type user struct{ name string }
