// Package wrong: context keys of two empty types.
package wrong

import (
	"context"
	"fmt"
)

func Run() string {
	ctx := context.WithValue(context.Background(), first{}, "one")
	return fmt.Sprint(ctx.Value(second{}))
}

type first struct{}

type second struct{}
