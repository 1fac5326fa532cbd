package right

import (
	"fmt"
)

func Run() string { return fmt.Sprintf("%d", int(Level(3))) }

type Level int

func (l Level) String() string { return "level" }
