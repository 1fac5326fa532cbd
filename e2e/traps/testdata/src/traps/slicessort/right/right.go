package right

import (
	"fmt"
	"sort"
)

func Run() string {
	list := []int{2, 1}
	sort.Ints(list)
	return fmt.Sprint(list)
}
