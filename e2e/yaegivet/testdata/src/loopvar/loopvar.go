package loopvar

import (
	"encoding/json"
	"strings"
)

func bad(list []string) string {
	var fs []func() string
	for _, s := range list {
		fs = append(fs, func() string { return s }) // want `a kept function literal that uses s`
	}
	var ps []*int
	for i := 0; i < 3; i++ {
		ps = append(ps, &i) // want `the address of loop variable i`
	}
	text := ""
	for _, f := range fs {
		text += f()
	}
	return text
}

func good(list []string) string {
	var ps []*string
	for _, s := range list {
		own := s
		ps = append(ps, &own)
		func() { _ = s }()
		json.Unmarshal(nil, &s)
	}
	return *ps[0]
}

type item struct {
	n    int
	pair [2]string
}

var all []*item

func (i *item) keep()                    { all = append(all, i) }
func (i *item) hand(l *list)             { l.add(i) }
func (i *item) inc()                     { i.n++ }
func (i *item) plus(n int) *item         { i.n += n; return i }
func (i *item) number() *int             { return &i.n }
func (i *item) send(c chan *item)        { c <- i }
func (i *item) local() int               { own := []*item{i}; return len(own) }
func (i *item) look() func() int         { return func() int { return i.n } }
func remember(m map[string]*int, n *int) { m["n"] = n }
func raise(n *int)                       { *n++ }

type list struct{ items []*item }

func (l *list) add(i *item) { l.items = append(l.items, i) }

func parts(items []item, pairs [][2]string, c chan *item) {
	var ns []*int
	var ps [][]string
	var fs []func() int
	l := &list{}
	m := map[string]*int{}
	for _, it := range items {
		it.keep()                    // want `keep, which keeps its receiver, of loop variable it`
		it.hand(l)                   // want `hand, which keeps its receiver`
		it.send(c)                   // want `send, which keeps its receiver`
		ns = append(ns, &it.n)       // want `the address of a part of loop variable it`
		ns = append(ns, it.number()) // want `number, which keeps its receiver`
		fs = append(fs, it.look())   // want `look, which keeps its receiver`
		ps = append(ps, it.pair[:])  // want `the address of a part of loop variable it`
		remember(m, &it.n)           // want `the address of a part of loop variable it`
		p := &it.n                   // want `the address of a part of loop variable it`
		ns = append(ns, p)
	}
	for _, pair := range pairs {
		ps = append(ps, pair[:]) // want `the address of a part of loop variable pair`
		c <- &item{pair: pair}
	}
}

func partsOfTheRound(items []item, pointers []*item, pairs [][2]string) string {
	text := ""
	var ns []*int
	var bytes []string
	for _, it := range items {
		it.inc()
		it.plus(1).plus(2)
		p := &it.n
		*p += it.local() + *it.number() + it.look()()
		raise(&it.n)
		json.Unmarshal(nil, &it.n)
		own := it
		own.keep()
		ns = append(ns, &own.n)
	}
	for _, it := range pointers {
		it.keep()
		ns = append(ns, &it.n)
	}
	for _, pair := range pairs {
		text += strings.Join(pair[:], "-")
		bytes = append(bytes, pair[:]...)
	}
	return text
}
