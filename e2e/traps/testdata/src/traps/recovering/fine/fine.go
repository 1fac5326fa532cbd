// Package fine: a recover in a literal, and in a named function that is deferred itself.
package fine

import (
	"fmt"
)

func Run() string {
	o := &outcome{}
	first(o)
	second(o)
	return o.text
}

type outcome struct{ text string }

func first(o *outcome) {
	defer func() {
		r := recover()
		if r != nil {
			o.text = o.text + fmt.Sprint(r)
		}
	}()
	panic("a")
}

func second(o *outcome) {
	defer o.catch()
	panic("b")
}

func (o *outcome) catch() {
	r := recover()
	if r != nil {
		o.text = o.text + fmt.Sprint(r)
	}
}
