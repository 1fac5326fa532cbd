// Package wrong: a type switch over types with the same fields.
package wrong

func Run() string { return kind(&cat{"x"}) + kind(&dog{"y"}) }

type cat struct{ name string }

type dog struct{ name string }

func kind(v any) string {
	switch v.(type) {
	case *cat:
		return "cat"
	case *dog:
		return "dog"
	}
	return "?"
}
