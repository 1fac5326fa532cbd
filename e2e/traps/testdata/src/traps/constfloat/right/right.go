package right

import (
	"fmt"
)

func Run() string {
	half := 3.0
	return fmt.Sprint(half)
}
