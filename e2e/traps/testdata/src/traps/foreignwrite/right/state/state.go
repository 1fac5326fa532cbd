package state

import (
	"fmt"
)

var list []string

func SetList(l []string) { list = l }

func Show() string { return fmt.Sprint(len(list)) }
