package right

import (
	"errors"
	"fmt"
)

func Run() string {
	return fmt.Sprint(get() == errGone)
}

var errGone = errors.New("gone")

func get() error { return errGone }
