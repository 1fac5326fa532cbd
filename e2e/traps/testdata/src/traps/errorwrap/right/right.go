package right

import (
	"errors"
	"fmt"
)

func Run() string {
	return fmt.Errorf("outer: %w", errInner).Error()
}

var errInner = errors.New("inner")
