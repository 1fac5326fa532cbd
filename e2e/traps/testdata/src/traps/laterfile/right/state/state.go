package state

import (
	"fmt"
)

var all int

func init() { all = count() }

func count() int { return len(list) }

func Show() string { return fmt.Sprint(all) }
