// Package wrong: a literal with keys left of ||, in an if.
package wrong

func Run() string {
	if known(&user{name: "x"}) || known(&user{name: "admin"}) {
		return "in"
	}
	return "out"
}

func known(u *user) bool { return u.name == "admin" }

type user struct{ name string }
