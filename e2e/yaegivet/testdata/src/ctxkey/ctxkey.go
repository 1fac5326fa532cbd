package ctxkey

import (
	"context"
	"sync"
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

type other struct{}

type box struct{ values map[any]string }

func maps(m *sync.Map, b *box) {
	v := map[any]string{empty{}: "1"} // want `keys of the types ctxkey.empty and ctxkey.other in one map`
	_ = v[other{}]                    // want `keys of the types ctxkey.other and ctxkey.empty in one map`
	m.Store(empty{}, 1)               // want `keys of the types`
	m.Load(other{})                   // want `keys of the types`
	b.values[mine] = "a"              // want `keys of the types ctxkey.name and string in one map`
	b.values["a"] = "b"
}

func mapsOfOneType(m *sync.Map, b map[any]int, c map[any]int) {
	m.Store(empty{}, 1)
	m.Load(empty{})
	b[number(1)] = 1
	b[empty{}] = 1
	b["text"] = 2
	c[other{}] = 1
}
