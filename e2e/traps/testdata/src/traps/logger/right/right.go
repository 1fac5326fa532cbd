package right

import (
	"io"
	"log"
)

func Run() string {
	l := log.New(io.Discard, "", 0)
	l.Print("x")
	return "true"
}
