// Package wrong: a receive as a result.
package wrong

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	return next(c)
}

func next(c chan string) string { return <-c }
