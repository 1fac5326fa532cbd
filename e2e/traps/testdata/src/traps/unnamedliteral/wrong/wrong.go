// Package wrong: a function literal without names for its parameters, given to compiled code.
package wrong

import (
	"fmt"
	"net/http"
)

func Run() string {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return fmt.Sprint(client.CheckRedirect(nil, nil))
}
