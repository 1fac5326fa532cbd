package ifaceassert

import (
	"net/http"
	"net/url"
)

type speaker interface{ speak() string }

type cat struct{ name string }

func (c *cat) speak() string { return c.name }

type plain struct{ n int }

func bad(x any, err error) string {
	_, ok := x.(error) // want `an empty interface asserted to error`
	s := x.(speaker)   // want `an empty interface asserted to ifaceassert.speaker`
	switch v := x.(type) {
	case error: // want `interface error in a type switch`
		return v.Error()
	case *cat: // want `cat, which has methods, in a type switch`
		return v.name
	}
	switch err.(type) {
	case interface{ Timeout() bool }: // want `interface interface\{Timeout\(\) bool\} in a type switch`
		return "timeout"
	}
	_ = ok
	return s.speak()
}

func good(x any, err error, s speaker, rw http.ResponseWriter) string {
	switch v := x.(type) {
	case string:
		return v
	case float64, bool, nil:
		return ""
	case []any:
		return ""
	case map[string]any:
		return ""
	case *plain:
		return ""
	}
	switch err.(type) {
	case *url.Error:
		return ""
	}
	switch v := s.(type) {
	case *cat:
		return v.name
	}
	if f, ok := rw.(http.Flusher); ok {
		f.Flush()
	}
	c, ok := x.(*cat)
	if ok {
		return c.name
	}
	text, ok := x.(string)
	if !ok {
		return ""
	}
	return text
}
