// Package fine: untyped constants of an expression, and constants below as arguments.
package fine

import (
	"fmt"
	"time"
)

func Run() string {
	size := 64 << 10
	wait := 10 * time.Second
	return fmt.Sprint(size == limit, wait == pause, buffer.size, sum())
}

var buffer = newBuffer(limit)

const limit = 64 << 10

const pause = 10 * time.Second

type box struct{ size int }

func newBuffer(size int) *box { return &box{size} }

func sum() int { return limit + 1 }
