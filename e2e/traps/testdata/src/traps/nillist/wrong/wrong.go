// Package wrong: nil as the list that is appended.
package wrong

import (
	"fmt"
)

func Run() string {
	list := []string{"x"}
	list = append(list, nil...)
	return fmt.Sprint(len(list))
}
