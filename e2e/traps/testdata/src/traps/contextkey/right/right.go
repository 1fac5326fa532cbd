package right

import (
	"context"
	"fmt"
)

func Run() string {
	ctx := context.WithValue(context.Background(), first, "one")
	return fmt.Sprint(ctx.Value(second))
}

type key string

const first key = "trap.first"

const second key = "trap.second"
