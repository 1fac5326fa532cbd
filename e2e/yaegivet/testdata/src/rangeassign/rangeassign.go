package rangeassign

import (
	"net/http"
)

func bad(list []string) {
	var i int
	var s string
	for i, s = range list { // want `range with =`
	}
	for _, s = range list { // want `range with =`
	}
	_, _ = i, s
}

func good(list []string, m map[string]string, h http.Header) {
	for i, s := range list {
		_, _ = i, s
	}
	for k, v := range m {
		h.Set(k, v)
	}
	for range list {
	}
}
