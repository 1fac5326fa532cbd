// Package wrong: ! of a constant as a case.
package wrong

const on = true

func Run() string {
	switch {
	case !on:
		return "not"
	}
	return "none"
}
