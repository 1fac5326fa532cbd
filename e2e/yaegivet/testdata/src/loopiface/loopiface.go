package loopiface

import (
	"errors"
	"io"
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
