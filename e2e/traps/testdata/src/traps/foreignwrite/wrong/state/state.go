package state

import (
	"fmt"
)

var List []string

func Show() string { return fmt.Sprint(len(List)) }
