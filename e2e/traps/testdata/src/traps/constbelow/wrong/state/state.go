package state

import (
	"fmt"
)

var big = limit > 3

const limit = 5

func Show() string { return fmt.Sprint(big) }
