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
