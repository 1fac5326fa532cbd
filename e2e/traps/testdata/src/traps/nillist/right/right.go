// Package right: a variable of the list's type.
package right

import (
	"fmt"
)

func Run() string {
	list := []string{"x"}
	var none []string
	list = append(list, none...)
	return fmt.Sprint(len(list))
}
