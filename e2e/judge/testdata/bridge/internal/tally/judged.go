package tally

import (
	"fmt"
	"strconv"
)

// Judge counts up and tells at which counts a line was due, and what was left.
func Judge(name string, args []string) string {
	if name != "Add" {
		return "no function " + name
	}
	counter := New()
	told := ""
	times, _ := strconv.Atoi(args[0])
	for i := 0; i < times; i++ {
		due := Add(counter)
		if due != 0 {
			told += fmt.Sprint(i, due, " ")
		}
	}
	return told + strconv.Itoa(Reset(counter))
}
