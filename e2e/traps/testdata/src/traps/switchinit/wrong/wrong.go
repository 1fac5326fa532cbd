// Package wrong: a switch on an expression behind an init statement.
package wrong

func Run() string {
	switch n := size(); n + 1 {
	case 4:
		return "four"
	}
	return "none"
}

func size() int { return 3 }
