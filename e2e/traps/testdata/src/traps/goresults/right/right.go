package right

import (
	"fmt"
)

func Run() string {
	c := make(chan int, 500)
	for i := 0; i < 500; i++ {
		go tell(c)
	}
	all := 0
	for i := 0; i < 500; i++ {
		v := <-c
		all = all + v
	}
	return fmt.Sprint(all)
}

func tell(c chan int) {
	defer func() { recover() }()
	c <- 1
}
