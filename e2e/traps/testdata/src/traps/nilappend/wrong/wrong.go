// Package wrong: nil as an element of interfaces, and nil appended to pointers.
package wrong

import (
	"fmt"
)

func Run() string {
	values := map[string]interface{}{"url": nil}
	var queue []*item
	queue = append(queue, nil)
	return fmt.Sprint(len(queue), queue[0] == nil, len(values))
}

type item struct{ name string }
