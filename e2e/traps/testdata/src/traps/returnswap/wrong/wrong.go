// Package wrong: named results returned in another order.
package wrong

func Run() string {
	a, b := swapped()
	return a + b
}

func swapped() (a, b string) {
	a = "1"
	b = "2"
	return b, a
}
