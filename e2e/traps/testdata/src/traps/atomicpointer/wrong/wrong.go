// Package wrong: atomic.Pointer, which the interpreter does not have.
package wrong

import (
	"sync/atomic"
)

func Run() string {
	p := &atomic.Pointer[string]{}
	text := "x"
	p.Store(&text)
	return *p.Load()
}
