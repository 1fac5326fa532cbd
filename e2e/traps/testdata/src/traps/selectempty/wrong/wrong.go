// Package wrong: a select that receives into a variable, with nothing to do.
package wrong

func Run() string {
	c := make(chan string, 1)
	c <- "news"
	var got string
	show := func() string { return got }
	select {
	case got = <-c:
	default:
	}
	return show()
}
