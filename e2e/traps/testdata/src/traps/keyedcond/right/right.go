// Package right: the left side in a variable.
package right

func Run() string {
	first := known(&user{name: "x"})
	if first || known(&user{name: "admin"}) {
		return "in"
	}
	return "out"
}

func known(u *user) bool { return u.name == "admin" }

type user struct{ name string }
