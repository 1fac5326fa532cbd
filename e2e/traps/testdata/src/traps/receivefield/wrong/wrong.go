// Package wrong: receives into a field, an element and an entry.
package wrong

func Run() string {
	c := make(chan string, 3)
	c <- "x"
	c <- "y"
	c <- "z"
	b := &box{}
	b.text = <-c
	list := make([]string, 1)
	list[0] = <-c
	names := map[string]string{}
	names["a"] = <-c
	return b.text + list[0] + names["a"]
}

type box struct{ text string }
