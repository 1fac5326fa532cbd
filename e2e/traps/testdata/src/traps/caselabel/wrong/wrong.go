// Package wrong: a label inside a case clause.
package wrong

func Run() string { return find(1) }

func find(n int) string {
	switch n {
	case 1:
	outer:
		for i := 0; i < 3; i++ {
			for j := 0; j < 3; j++ {
				if i+j == 3 {
					break outer
				}
			}
		}
		return "one"
	}
	return "other"
}
