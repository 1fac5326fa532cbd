package deferframe

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"sort"
	"sync"

	"deferframe/other"
)

type writer struct{ flush func() }

func newWriter(flush func()) *writer { return &writer{flush: flush} }

func (w *writer) finish() { w.flush() }

func (w *writer) quiet() {}

type finisher interface{ finish() }

func badField() {
	w := newWriter(func() {})
	defer func() { w.finish() }() // want `a deferred call that may call a function literal of this function`
}

func badMethod() {
	w := newWriter(func() {})
	defer w.finish() // want `a deferred call that may`
}

func badLater() {
	w := &writer{}
	defer w.finish() // want `a deferred call that may`
	w.flush = func() {}
}

func badInterface() {
	var f finisher = newWriter(func() {})
	defer func() { f.finish() }() // want `a deferred call that may`
}

func badPackage() {
	h := other.New(func(line string) {})
	defer h.Finish() // want `a deferred call that may`
}

func badOnce() {
	f := func() {}
	o := &sync.Once{}
	defer o.Do(f) // want `a deferred call that may`
}

func badArgument() {
	defer call(func() {}) // want `a deferred call that may`
}

func badInside(list []int) {
	func() {
		w := newWriter(func() {})
		defer w.finish() // want `a deferred call that may`
	}()
}

type shown struct{ text func() string }

func (s *shown) String() string { return s.text() } // want String:`calls back \(\)\(string,\)`

func badStringer() {
	s := &shown{text: func() string { return "" }}
	defer func() { fmt.Println(s) }() // want `a deferred call that may`
}

func call(f func()) { f() }

// In a function without literals of its own all is right, as it is with
// literals that are lent, called at once, or of another kind.
func good(given func(), mu *sync.Mutex, c chan int, body io.ReadCloser, server *http.Server) {
	w := newWriter(given)
	defer w.finish()
	defer given()
	mu.Lock()
	defer mu.Unlock()
	defer close(c)
	defer body.Close()
	defer server.Close()
	list := []int{2, 1}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	func() { list[0]++ }()
	add := func() { list[0]++ }
	add()
	go func() { list[0]++ }()
}

func goodOther() {
	w := newWriter(nil)
	h := other.New(func(line string) {})
	defer w.finish()
	defer func() { w.quiet() }()
	defer func() {
		if h.Count() > 0 {
			log.Print(fmt.Sprint(recover()))
		}
	}()
	h.Finish()
}

func goodCancel() {
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() {})
	defer cancel()
}

func goodInside() {
	defer func() {
		call(func() {})
	}()
}

func goodMaker() {
	w := maker()
	defer w.finish()
}

func maker() *writer {
	return newWriter(func() {})
}

func goodNested() {
	w := &writer{}
	func() { w.flush = func() {} }()
	defer w.finish()
}

func goodReturned() func() {
	w := newWriter(nil)
	defer w.finish()
	return func() {}
}
