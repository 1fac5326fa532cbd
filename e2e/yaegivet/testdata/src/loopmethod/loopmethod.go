package loopmethod

import (
	"sort"
	"time"
)

type worker struct{ id int }

func (w *worker) run()               {}
func (w *worker) start()             { go w.run() }
func (w *worker) less(i, j int) bool { return i < j }
func keep(f func())                  { kept = f }

var kept func()

func bad(list []*worker) []func() {
	var fs []func()
	for _, w := range list {
		go w.run()               // want `go of a method in a loop`
		keep(w.run)              // want `a method value in a loop`
		fs = append(fs, w.run)   // want `a method value in a loop`
		time.AfterFunc(0, w.run) // want `a method value in a loop`
	}
	return fs
}

func good(list []*worker, numbers []int) {
	for _, w := range list {
		w.start()
		w.run()
		sort.Slice(numbers, w.less)
		defer w.run()
	}
	w := &worker{}
	go w.run()
	keep(w.run)
}
