package right

import (
	"errors"
	"fmt"
	"io"
)

func Run() string {
	err := fmt.Errorf("wrapped: %w", io.EOF)
	return fmt.Sprint(errors.Is(err, io.EOF))
}
