package right

import (
	"fmt"
)

func Run() string {
	o := &outcome{}
	fail(o)
	return o.text
}

type outcome struct{ text string }

func fail(o *outcome) {
	defer func() {
		r := recover()
		if r != nil {
			o.text = "string " + fmt.Sprint(r)
		}
	}()
	panic("x")
}
