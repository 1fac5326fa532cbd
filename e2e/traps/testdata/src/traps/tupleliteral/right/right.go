package right

import (
	"fmt"
)

func Run() string {
	name := "x"
	list := []string{"y"}
	return fmt.Sprint(name, list)
}
