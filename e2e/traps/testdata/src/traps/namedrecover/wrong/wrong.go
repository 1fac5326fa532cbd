// Package wrong: a recovered panic that sets one of two named results.
package wrong

import (
	"errors"
	"fmt"
)

func Run() string {
	text := ""
	for i := 0; i < 2; i++ {
		v, err := risky(i)
		text = text + fmt.Sprint(v, err, ";")
	}
	return text
}

func risky(i int) (value string, err error) {
	defer func() {
		r := recover()
		if r != nil {
			err = errors.New("failed")
		}
	}()
	if i == 1 {
		panic("no")
	}
	return "value", nil
}
