package state

import (
	"fmt"
)

const limit = 5

var big = limit > 3

func Show() string { return fmt.Sprint(big) }
