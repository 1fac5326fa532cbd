package gorecover

import (
	"context"
	"gorecover/safe"
	"sort"
	"sync"
	"time"
)

func bad(f func(), w *worker) {
	go work()                                     // want `a goroutine without a deferred recover`
	go func() { work() }()                        // want `a goroutine without a deferred recover`
	go f()                                        // want `a goroutine without a deferred recover`
	go w.run()                                    // want `a goroutine without a deferred recover`
	go late()                                     // want `a goroutine without a deferred recover`
	go inner()                                    // want `a goroutine without a deferred recover`
	time.AfterFunc(time.Second, w.run)            // want `a function without a deferred recover`
	context.AfterFunc(context.Background(), work) // want `a function without a deferred recover`
	go safe.Unsafe()                              // want `a goroutine without a deferred recover`
}

func good(w *worker, cancel context.CancelFunc) {
	go func() {
		defer func() { recover() }()
		work()
	}()
	go w.safe()
	go func() { w.safe() }()
	go named()
	go afterOther()
	time.AfterFunc(time.Second, w.safe)
	time.AfterFunc(time.Second, cancel)
	go safe.Work()
	sort.Slice(nil, func(i, j int) bool { return false })
}

type worker struct{}

func (w *worker) run() {}

func (w *worker) safe() { // want safe:"recovers"
	defer func() { w.report(recover()) }()
	w.run()
}

func (w *worker) report(r any) {}

func work() {}

// late recovers, but not what comes before.
func late() {
	work()
	defer func() { recover() }()
}

// inner's recover is too deep to see its panic.
func inner() {
	defer func() {
		func() { recover() }()
	}()
	work()
}

func named() { // want named:"recovers"
	defer recovering()
	work()
}

func recovering() {
	r := recover()
	_ = r
}

func afterOther() { // want afterOther:"recovers"
	wg := &sync.WaitGroup{}
	defer wg.Done()
	defer func() { recover() }()
	work()
}
