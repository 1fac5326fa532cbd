package logger

import (
	"io"
	"log"
	"net/http"
)

var global = log.New(io.Discard, "", 0) // want `log.New put somewhere`

func bad(s *http.Server) *log.Logger {
	s.ErrorLog = log.New(io.Discard, "", 0) // want `log.New put somewhere`
	l := log.New(io.Discard, "", 0)         // want `log.New put somewhere`
	s.ErrorLog = l
	var m *log.Logger = log.New(io.Discard, "", 0) // want `log.New put somewhere`
	m.Print("x")
	return log.New(io.Discard, "", 0) // want `log.New put somewhere`
}

func good() {
	l := log.New(io.Discard, "", 0)
	l.Print("x")
	log.Print("y")
}
