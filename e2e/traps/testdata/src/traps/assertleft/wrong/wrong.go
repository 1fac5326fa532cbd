// Package wrong: an assertion left of ||, a conversion left of &&.
package wrong

import (
	"fmt"
)

func Run() string {
	return either(false, &log{}) + both(false, &log{})
}

func either(value interface{}, l *log) string {
	ok := value.(bool) || l.ask()
	return fmt.Sprint(ok, " ", l.text, ";")
}

func both(set flag, l *log) string {
	ok := bool(set) && l.ask()
	return fmt.Sprint(ok, " ", l.text, ";")
}

func (l *log) ask() bool {
	l.text = "asked"
	return true
}

type log struct{ text string }

type flag bool
