// Package wrong: nil as one of two values.
package wrong

import (
	"errors"
	"fmt"
)

func Run() string {
	text, err := "x", errors.New("e")
	text, err = "y", nil
	return fmt.Sprint(text, err)
}
