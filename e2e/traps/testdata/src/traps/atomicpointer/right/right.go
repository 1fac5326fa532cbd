package right

import (
	"sync/atomic"
)

func Run() string {
	v := &atomic.Value{}
	v.Store("x")
	text, ok := v.Load().(string)
	if !ok {
		return ""
	}
	return text
}
