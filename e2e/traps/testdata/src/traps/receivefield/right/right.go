package right

func Run() string {
	c := make(chan string, 3)
	c <- "x"
	c <- "y"
	c <- "z"
	b := &box{}
	first := <-c
	b.text = first
	list := make([]string, 1)
	second := <-c
	list[0] = second
	names := map[string]string{}
	third := <-c
	names["a"] = third
	return b.text + list[0] + names["a"]
}

type box struct{ text string }
