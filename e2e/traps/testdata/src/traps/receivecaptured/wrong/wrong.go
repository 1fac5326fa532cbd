// Package wrong: a receive into the variable of an outer function.
package wrong

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	var v string
	func() { v = <-c }()
	return v
}
