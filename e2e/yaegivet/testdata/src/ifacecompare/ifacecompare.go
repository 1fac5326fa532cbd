package ifacecompare

import (
	"io"
)

type speaker interface{ speak() string }

type cat struct{ name string }

func (c cat) speak() string { return c.name }

func bad(a, b speaker, c cat) bool {
	return a == b || // want `interface values of type ifacecompare.speaker compared`
		a != c // want `interface values of type ifacecompare.speaker compared`
}

func good(a, b speaker, x, y any, err error, c, d *cat) bool {
	return a == nil || b != nil || x == y || x == "text" || err == io.EOF || c == d || a.speak() == b.speak()
}

func (d *dog) speak() string { return "" }

type dog struct{}

func switched(a, b speaker, c *dog, m map[speaker]int) string {
	switch a {
	case b: // want `interface values of type ifacecompare.speaker compared`
		return "same"
	}
	m[c] = 1     // want `a \*ifacecompare.dog as a key of type ifacecompare.speaker`
	delete(m, c) // want `a \*ifacecompare.dog as a key of type ifacecompare.speaker`
	return ""
}

func switchedRight(a speaker, err error, x any, m map[speaker]int, d *dog, dogs map[*dog]int) string {
	switch err {
	case io.EOF:
		return "end"
	}
	switch x {
	case "a":
		return "a"
	}
	m[a] = 1
	dogs[d] = 2
	return ""
}
