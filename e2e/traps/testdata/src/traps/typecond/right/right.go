// Package right: the type has a name.
package right

func Run() string {
	public := true
	if old(user{1}) || public {
		return "in"
	}
	return "out"
}

func old(u user) bool { return u.age > 17 }

type user struct{ age int }
