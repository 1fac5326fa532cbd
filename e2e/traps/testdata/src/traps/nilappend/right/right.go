// Package right: a variable of the pointer's type.
package right

import (
	"fmt"
)

func Run() string {
	values := map[string]interface{}{"url": nil}
	var none *item
	var queue []*item
	queue = append(queue, none)
	return fmt.Sprint(len(queue), queue[0] == nil, len(values))
}

type item struct{ name string }
