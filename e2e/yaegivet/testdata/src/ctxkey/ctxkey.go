package ctxkey

import (
	"context"
)

type empty struct{}

type number int

type name string

const mine name = "plugin.mine"

func bad(ctx context.Context) {
	ctx = context.WithValue(ctx, empty{}, 1)   // want `a context key of type`
	ctx = context.WithValue(ctx, number(1), 1) // want `a context key of type`
	ctx.Value(empty{})                         // want `a context key of type`
}

func good(ctx context.Context) {
	ctx = context.WithValue(ctx, mine, 1)
	ctx.Value(mine)
	ctx.Value("plugin.other")
	v := &atomicLike{}
	v.Value(empty{})
}

type atomicLike struct{}

func (a *atomicLike) Value(x any) {}
