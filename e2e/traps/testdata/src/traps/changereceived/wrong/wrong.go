// Package wrong: a received variable that changes.
package wrong

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	v := <-c
	v += "y"
	return v
}
