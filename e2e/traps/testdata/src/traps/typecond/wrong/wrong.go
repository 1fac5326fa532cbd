// Package wrong: a literal of a type without a name.
package wrong

func Run() string {
	public := true
	if old(struct{ age int }{1}) || public {
		return "in"
	}
	return "out"
}

func old(u struct{ age int }) bool { return u.age > 17 }
