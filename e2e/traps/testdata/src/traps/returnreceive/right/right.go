package right

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	return next(c)
}

func next(c chan string) string {
	v := <-c
	return v
}
