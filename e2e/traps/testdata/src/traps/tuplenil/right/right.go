package right

import (
	"errors"
	"fmt"
)

func Run() string {
	text, err := "x", errors.New("e")
	text = "y"
	err = nil
	return fmt.Sprint(text, err)
}
