package right

import (
	"fmt"
)

func Run() string {
	e := &env{}
	return e.join("a", 1, 2)
}

type env struct{}

func (e *env) join(first string, more ...any) string { return first + fmt.Sprint(more...) }
