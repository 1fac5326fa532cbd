// Package right: variables on the left.
package right

import (
	"fmt"
)

func Run() string {
	return either(false, &log{}) + both(false, &log{})
}

func either(value interface{}, l *log) string {
	given := value.(bool)
	ok := given || l.ask()
	return fmt.Sprint(ok, " ", l.text, ";")
}

func both(set flag, l *log) string {
	plain := bool(set)
	ok := plain && l.ask()
	return fmt.Sprint(ok, " ", l.text, ";")
}

func (l *log) ask() bool {
	l.text = "asked"
	return true
}

type log struct{ text string }

type flag bool
