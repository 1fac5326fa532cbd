package right

import (
	"errors"
	"fmt"
)

func Run() string {
	text := ""
	for i := 0; i < 2; i++ {
		o := &outcome{}
		risky(o, i)
		text = text + fmt.Sprint(o.value, o.err, ";")
	}
	return text
}

type outcome struct {
	value string
	err   error
}

func risky(o *outcome, i int) {
	defer func() {
		r := recover()
		if r != nil {
			o.err = errors.New("failed")
		}
	}()
	if i == 1 {
		panic("no")
	}
	o.value = "value"
}
