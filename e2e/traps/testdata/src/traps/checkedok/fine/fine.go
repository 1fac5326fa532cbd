// Package fine: the value of a comma-ok where ok is true.
package fine

import (
	"fmt"
)

func Run() string {
	ages := map[string]int{"ann": 30}
	text := ""
	for _, name := range []string{"ann", "bob", "ann"} {
		if age, ok := ages[name]; ok && age > 3 {
			text = text + fmt.Sprint(age)
		}
		age, ok := ages[name]
		if !ok {
			text = text + "-"
			continue
		}
		text = text + fmt.Sprint(age)
	}
	c := make(chan int, 2)
	c <- 1
	close(c)
	for i := 0; i < 2; i++ {
		v, ok := <-c
		text = text + fmt.Sprint(v, ok)
	}
	return text
}
