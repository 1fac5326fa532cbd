package commaok

import (
	"fmt"
)

func bad(m map[string]int, x any) int {
	v, ok := m["a"]
	fmt.Println(v, ok) // want `v is used where its ok may be false`

	w, _ := m["b"]
	fmt.Println(w) // want `w is used where its ok may be false`

	s, ok := x.(string)
	if ok {
		fmt.Println("found")
	}
	fmt.Println(s) // want `s is used where its ok may be false`

	if n, ok := m["c"]; !ok {
		fmt.Println(n) // want `n is used where its ok may be false`
	}

	a, ok := m["d"]
	b, ok := m["e"]
	if !ok {
		return 0
	}
	fmt.Println(a) // want `a is used where its ok may be false`
	fmt.Println(b)

	var holder struct{ n int }
	holder.n, ok = m["f"] // want `the value of a comma-ok goes to another place`

	var i, there = m["g"]
	fmt.Println(i, there) // want `i is used where its ok may be false`
	return v              // want `v is used where its ok may be false`
}

func returned(m map[string]int) (int, bool) {
	v, ok := m["a"]
	return v, ok
}

func good(m map[string]int, x any, c chan int) int {
	v, ok := m["a"]
	if !ok {
		return 0
	}
	fmt.Println(v)

	if w, ok := m["b"]; ok {
		fmt.Println(w)
	}
	if w, ok := m["b"]; ok && w > 3 {
		fmt.Println(w)
	}
	if w, ok := m["b"]; !ok || w > 3 {
		return 1
	}
	if w, ok := m["b"]; !ok {
		return 1
	} else {
		fmt.Println(w)
	}
	for _, k := range []string{"a"} {
		s, ok := m[k]
		if !ok {
			continue
		}
		fmt.Println(s)
	}
	d, ok := m["d"]
	if !ok {
		d = 3
	}
	fmt.Println(d)

	_, ok = m["e"]
	fmt.Println(ok, m["e"])

	r, ok := <-c
	fmt.Println(r, ok)

	s, ok := x.(string)
	if !ok || s == "" {
		return 2
	}
	fmt.Println(s)

	t, isText := x.(string)
	switch {
	case isText:
		fmt.Println(t)
	case !isText:
		fmt.Println("no")
	}
	u, ok := m["u"]
	if ok {
		fmt.Println(u)
	} else {
		return 4
	}
	return u + x.(int)
}

func again(m map[string]string, list []string) string {
	v, w, out := "", "", ""
	ok := false
	for _, k := range list {
		out += v // want `v is used again, where its ok may have been false`
		v, ok = m[k]
		if !ok {
			continue
		}
		out += "+"
	}
	for _, k := range list {
		show := func() string { return w } // want `w is used again, where its ok may have been false`
		w, ok = m[k]
		out += show()
	}
	return out
}

func notAgain(m map[string]string, list []string) string {
	u, v, w, out := "", "", "", ""
	ok := false
	for _, k := range list {
		out += u
		u, ok = m[k]
		if !ok {
			u = ""
		}
	}
	for _, k := range list {
		if ok {
			out += v
		}
		v, ok = m[k]
	}
	for {
		out += w
		w, ok = m[w]
		if !ok {
			break
		}
	}
	x := "y"
	out += x
	x, ok = m["x"]
	if ok {
		out += x
	}
	return out
}

func returnedInLoop(m map[string]int, list []string) (int, bool) {
	for _, k := range list {
		v, ok := m[k]
		return v, ok // want `v is used where its ok may be false`
	}
	n := 1
	n, ok := m["n"]
	return n, ok // want `n is used where its ok may be false`
}
