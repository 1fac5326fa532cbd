// Package wrong: a method of a compiled type as a value.
package wrong

import (
	"fmt"
	"net"
	"net/http"
)

func Run() string {
	d := &net.Dialer{}
	t := &http.Transport{DialContext: d.DialContext}
	return fmt.Sprint(t.DialContext != nil)
}
