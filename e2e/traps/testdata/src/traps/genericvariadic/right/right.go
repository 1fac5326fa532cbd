package right

import (
	"fmt"
)

func Run() string { return join([]int{1, 2}) }

func join[T any](list []T) string { return fmt.Sprint(list) }
