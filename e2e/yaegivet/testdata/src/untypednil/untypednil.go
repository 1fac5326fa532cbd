package untypednil

import (
	"io"
	"net/url"
)

type item struct{ name string }

type list []*item

type speaker interface{ speak() string }

type codedError interface {
	error
	code() int
}

type failure error

type anything interface{}

func bad(q []*item, l list, b []byte, n [][]int, f []func(), u []*url.URL, e []failure, a []any) {
	q = append(q, nil)          // want `nil appended to a \[\]\*item`
	q = append(q, q[0], (nil))  // want `nil appended to a \[\]\*item`
	l = append(l, nil)          // want `nil appended to a list`
	n = append(n, nil, []int{}) // want `nil appended to a \[\]\[\]int`
	f = append(f, nil)          // want `nil appended to a \[\]func\(\)`
	u = append(u, nil)          // want `nil appended to a \[\]\*net/url.URL`
	e = append(e, nil)          // want `nil appended to a \[\]failure`
	b = append(b, nil...)       // want `nil appended to a \[\]byte`
	a = append(a, nil...)       // want `nil appended to a \[\]any`
}

func bad2(m map[*item]int, e map[error]int, s map[speaker]int, r map[io.Reader]int) {
	m[nil] = 1       // want `nil as the key of a map\[\*item\]int`
	_, _ = e[nil]    // want `nil as the key of a map\[error\]int`
	s[nil]++         // want `nil as the key of a map\[speaker\]int`
	delete(r, nil)   // want `nil as the key of a map\[io.Reader\]int`
	_ = r[(nil)] + 1 // want `nil as the key of a map\[io.Reader\]int`
}

func bad3(i *item, l []string, s speaker, c codedError, f func(), u interface{ speak() string }) int {
	switch i {
	case nil: // want `nil as the case of a \*item`
		return 1
	}
	switch l {
	case nil: // want `nil as the case of a \[\]string`
		return 2
	}
	switch s {
	case nil: // want `nil as the case of a speaker`
		return 3
	}
	switch c {
	case nil: // want `nil as the case of a codedError`
		return 4
	}
	switch f {
	case nil: // want `nil as the case of a func\(\)`
		return 5
	}
	switch u {
	case nil: // want `nil as the case of a interface`
		return 6
	}
	return 7
}

func take(i *item, err error, values ...any) *item { return nil }

func good(q []*item, errs []error, a []any, s []speaker, c []codedError, r []io.Reader) error {
	var none *item
	q = append(q, none)
	q = append(q, (*item)(nil), &item{})
	q = append(q, []*item{nil}...)
	q = append(q, []*item(nil)...)
	errs = append(errs, nil)
	a = append(a, nil, nil)
	s = append(s, nil)
	c = append(c, nil, nil)
	r = append(r, nil)
	none = nil
	_ = take(nil, nil, nil)
	_ = map[string]any{"a": nil}
	_ = none == nil
	return nil
}

func good2(m map[*item]int, a map[any]int, n map[anything]int, e map[string]*item) {
	_ = map[*item]int{nil: 1}
	_ = map[error]int{nil: 1}
	var none *item
	m[none] = 1
	m[(*item)(nil)] = 2
	a[nil] = 1
	n[nil] = 1
	delete(a, nil)
	e["x"] = nil
}

func good3(err error, a any, n anything, r io.Reader, f failure, i *item) int {
	switch err {
	case io.EOF, nil:
		return 1
	}
	switch a {
	case nil:
		return 2
	}
	switch n {
	case nil:
		return 3
	}
	switch r {
	case nil:
		return 4
	}
	switch f {
	case nil:
		return 5
	}
	switch i {
	case (*item)(nil):
		return 6
	}
	switch {
	case i == nil:
		return 7
	}
	switch a.(type) {
	case nil:
		return 8
	}
	return 9
}
