package right

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	return take(c)
}

func take(c chan string) string {
	v := <-c
	return v
}
