package state

import (
	"errors"
)

var Level = 1 // want Level:"changing"

var Fixed = 2

var List []string

var Map map[string]int

var Count int

var Err error

var Func func()

var ErrGone = errors.New("gone")

var Table = []string{"a"}

func Name() string      { return "x" }
func Two() (int, error) { return 1, nil }
func SetLevel(n int)    { Level = n }
func GetLevel() int     { return Level }
