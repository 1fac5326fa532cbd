package loopliteral

import (
	"net/http"
	"sort"
	"strings"
	"time"
)

func bad(list []string, c chan string, keep func(f func())) []func() {
	var fs []func()
	for _, s := range list {
		go func() { c <- s }()                                                  // want `a function literal in a loop`
		defer func() { c <- s }()                                               // want `a function literal in a loop`
		time.AfterFunc(0, func() { c <- s })                                    // want `a function literal in a loop`
		http.HandleFunc("/"+s, func(w http.ResponseWriter, r *http.Request) {}) // want `a function literal in a loop`
		fs = append(fs, func() { c <- s })                                      // want `a function literal in a loop`
		keep(func() {})                                                         // want `a function literal in a loop`
		stored.f = func() {}                                                    // want `a function literal in a loop`
		f := func() { c <- s }                                                  // want `a function literal in a loop`
		go f()
	}
	for i := 0; i < 3; i++ {
		g := func() { c <- "" } // want `a function literal in a loop`
		keep(g)
	}
	return fs
}

var stored struct{ f func() }

func good(list []string, total *int) string {
	text := ""
	for _, s := range list {
		text += strings.Map(func(r rune) rune { return r }, s)
		sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
		func() { text += s }()
		add := func(n int) { *total += n }
		add(1)
		each(func(n int) { *total += n })
	}
	var fs []func() string
	for _, s := range list {
		own := s
		fs = append(fs, func() string { return own })
	}
	for _, f := range fs {
		text += f()
	}
	for _, s := range list {
		spawn(s)
	}
	once := func() string { return text }
	return once()
}

func spawn(s string) { go func() { _ = s }() }

func each(f func(n int)) {
	for i := 0; i < 3; i++ {
		f(i)
	}
}

func outside() func() {
	f := func() {}
	for i := 0; i < 3; i++ {
		f()
	}
	return f
}
