// Package wrong: a call behind the first result, for a result of an interface type.
package wrong

import (
	"fmt"
)

func Run() string { return fmt.Sprint(pair("x")) }

func shout(text string) string { return text + "!" }

func pair(text string) (string, any) { return text, shout(text) }
