// Package wrong: a switch on an empty interface with values as cases.
package wrong

func Run() string { return name(1) }

func name(v any) string {
	switch v {
	case 1:
		return "one"
	case 2:
		return "two"
	}
	return "none"
}
