// Package fine: what may stand left of || and &&.
package fine

import (
	"fmt"
	"net/url"

	"traps/leftsides/fine/state"
)

func Run() string {
	yes := true
	no := false
	x := &user{name: "x"}
	literals := []bool{
		known(&user{}) || yes,
		known(&user{"x", 1}) && yes,
		known(&user{name: "" + x.name}) && yes,
		known(&user{name: x.name, age: 3}) && yes,
		known(&user{age: -1, name: "x"}) && yes,
		known(&user{name: name(), age: 1}) && yes,
		known(&user{name: state.Name}) && yes,
		count([]int{1, 2}) && yes,
		len(map[string]int{}) == 0 && yes,
		len([]user{{"x", 1}}) == 1 && yes,
		*x == (user{"x", 0}) && yes,
	}
	calls := []bool{
		x.like(&user{name: "x"}) && yes,
		state.Known(&state.User{Name: "x"}) && yes,
		ours(&state.User{Name: "x"}) && yes,
		path(&url.URL{Path: "x"}) && yes,
		asked(func() bool { return known(&user{name: "x"}) }) && yes,
		named(x.name, &user{name: "x"}) && yes,
	}
	parens := []bool{
		(no) || yes,
		(no) || (yes),
		((no) || yes) && yes,
		(known(x)) && yes,
		(x.age+1) == 1 && yes,
		(x.age) == 0 && yes,
		(*x).age == 0 && yes,
		(no || known(&user{name: "x"})) && yes,
	}
	rights := []bool{
		no || known(&user{name: "x"}),
		known(x) && known(&user{name: "x"}) && yes,
		no || (x.age == 0 && known(&user{name: "x"})),
		yes && x.age == (0),
		no || !(no),
		no || x.age == 1 || len(map[string]int{"x": 1}) == 1,
	}
	if known(&user{name: "x"}) {
		return all(literals) + all(calls) + all(parens) + all(rights)
	}
	return "unknown"
}

func all(list []bool) string {
	for i, ok := range list {
		if !ok {
			return fmt.Sprint(i, " is false;")
		}
	}
	return fmt.Sprint(len(list), ";")
}

func known(u *user) bool { return u.name == "x" }

func named(name string, u *user) bool { return u.name == name }

func (u *user) like(other *user) bool { return u.name == other.name }

func name() string { return "x" }

func count(list []int) bool { return len(list) == 2 }

func ours(u *state.User) bool { return u.Name == "x" }

func path(u *url.URL) bool { return u.Path == "x" }

func asked(f func() bool) bool { return f() }

type user struct {
	name string
	age  int
}
