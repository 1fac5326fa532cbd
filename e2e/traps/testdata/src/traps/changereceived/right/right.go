package right

func Run() string {
	c := make(chan string, 1)
	c <- "x"
	v := <-c
	w := v + "y"
	return w
}
