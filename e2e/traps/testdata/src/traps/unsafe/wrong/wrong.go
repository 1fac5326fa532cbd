// Package wrong: package unsafe.
package wrong

import (
	"fmt"
	"unsafe"
)

func Run() string { return fmt.Sprint(unsafe.Sizeof(int64(0))) }
