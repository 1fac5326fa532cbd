// Package wrong: a type switch with a struct that has methods.
package wrong

func Run() string { return kind(cat{"x"}) }

type cat struct{ name string }

func (c cat) speak() string { return c.name }

func kind(v any) string {
	switch x := v.(type) {
	case cat:
		return "cat " + x.name
	}
	return "unknown"
}
