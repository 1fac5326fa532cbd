// Package wrong: a logger put into a field of that type.
package wrong

import (
	"fmt"
	"io"
	"log"
	"net/http"
)

func Run() string {
	s := &http.Server{}
	s.ErrorLog = log.New(io.Discard, "", 0)
	return fmt.Sprint(s.ErrorLog != nil)
}
