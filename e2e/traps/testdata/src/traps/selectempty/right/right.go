package right

import (
	"fmt"
)

func Run() string {
	c := make(chan string, 1)
	c <- "news"
	if len(c) == 0 {
		return ""
	}
	got := <-c
	return fmt.Sprint(got)
}
