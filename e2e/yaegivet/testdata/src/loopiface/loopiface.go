package loopiface

import (
	"errors"
	"io"
	"net/http"
)

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string              { return c.name }
func (c *cat) Read(p []byte) (int, error) { return 0, nil }

type box struct{ s speaker }

func bad(list []string) []speaker {
	var all []speaker
	var readers []io.Reader
	byName := map[string]speaker{}
	var boxes []*box
	for _, name := range list {
		all = append(all, &cat{name})              // want `becomes a`
		readers = append(readers, &cat{name})      // want `becomes a`
		byName[name] = &cat{name}                  // want `becomes a`
		boxes = append(boxes, &box{s: &cat{name}}) // want `becomes a`
		var s speaker = &cat{name}                 // want `becomes a`
		all = append(all, s)
	}
	return all
}

func good(list []string) []speaker {
	var all []speaker
	var cats []*cat
	var anything []any
	var errs []error
	for _, name := range list {
		all = append(all, newCat(name))
		cats = append(cats, &cat{name})
		anything = append(anything, name)
		errs = append(errs, errors.New(name))
		io.ReadAll(&cat{name})
		var s speaker = &cat{name}
		_ = s.speak()
	}
	all = append(all, &cat{"x"})
	return all
}

func newCat(name string) speaker { return &cat{name} }

type registry struct{ all []speaker }

func (r *registry) add(s speaker)                           { r.all = append(r.all, s) }
func (r *registry) each(s ...speaker)                       { r.all = append(r.all, s...) }
func (r *registry) through(s speaker)                       { r.add(s) }
func newBox(s speaker) *box                                 { return &box{s: s} }
func (b *box) speak() string                                { return b.s.speak() }
func set(m map[string]speaker, name string, s speaker)      { m[name] = s }
func put(c chan speaker, s speaker)                         { c <- s }
func say(s speaker) string                                  { return s.speak() }
func first(s speaker) string                                { l := []speaker{s}; return l[0].speak() }
func (c *cat) ServeHTTP(http.ResponseWriter, *http.Request) {}

func handedOn(list []*cat, mux *http.ServeMux, c chan speaker) {
	r := &registry{}
	m := map[string]speaker{}
	var boxes []*box
	var all []speaker
	for _, c1 := range list {
		r.add(c1)                         // want `becomes a`
		r.each(c1)                        // want `becomes a`
		r.through(c1)                     // want `becomes a`
		set(m, c1.name, c1)               // want `becomes a`
		put(c, c1)                        // want `becomes a`
		boxes = append(boxes, newBox(c1)) // want `becomes a`
		all = append(all, speaker(c1))    // want `becomes a`
		mux.Handle(c1.name, c1)           // want `becomes a`
	}
}

func handedOnForTheRound(list []*cat) string {
	text := ""
	for _, c := range list {
		b := newBox(c)
		text += say(c) + first(c) + say(speaker(c)) + b.speak() + newBox(c).speak()
	}
	return text
}
