// Package right: if.
package right

const on = true

func Run() string {
	if !on {
		return "not"
	}
	return "none"
}
