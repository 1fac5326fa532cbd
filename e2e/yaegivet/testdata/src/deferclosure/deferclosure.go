package deferclosure

import (
	"context"
	"sync"
)

func bad() {
	done := func() {}
	defer done() // want `closure done called in a defer`
	var other func()
	other = func() {}
	defer func() { other() }() // want `closure other called in a defer`
}

func good(given func(), mu *sync.Mutex) {
	defer given()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = ctx
	mu.Lock()
	defer mu.Unlock()
	defer func() {
		inside := func() {}
		inside()
	}()
	made := maker()
	defer made()
	called := func() {}
	called()
}

func maker() func() { return func() {} }
