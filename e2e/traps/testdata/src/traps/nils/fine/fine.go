// Package fine: nil where the interpreter gives it the type that is wanted.
package fine

import (
	"fmt"
	"io"
)

func Run() string {
	text := fmt.Sprint(none(nil, nil, nil, nil))
	i := &item{next: nil, list: nil, made: nil, err: nil, value: nil}
	i.next = nil
	i.err = nil
	text = text + fmt.Sprint(i.next == nil && i.list == nil && i.made == nil && i.err == nil && nil == i.value)
	c := make(chan *item, 1)
	c <- nil
	got := <-c
	text = text + fmt.Sprint(got == nil && result() == nil)
	counts := map[*item]int{nil: 1}
	text = text + fmt.Sprint(len(counts))
	values := []interface{}{nil}
	values = append(values, nil)
	failures := []error{nil}
	failures = append(failures, nil)
	anything := map[interface{}]int{}
	anything[nil] = 1
	text = text + fmt.Sprint(len(values)) + fmt.Sprint(len(failures)) + fmt.Sprint(anything[nil])
	return text + failed(nil) + given(nil)
}

func none(i *item, list []string, made func(), r io.Reader) bool {
	return i == nil && list == nil && made == nil && r == nil
}

func result() []string { return nil }

func failed(err error) string {
	switch err {
	case nil:
		return "none"
	case io.EOF:
		return "end"
	}
	return "some"
}

func given(value interface{}) string {
	switch value {
	case nil:
		return "none"
	}
	return "some"
}

type item struct {
	next  *item
	list  []string
	made  func()
	err   error
	value interface{}
}
