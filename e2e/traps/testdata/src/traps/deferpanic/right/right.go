package right

import (
	"sync"
)

func Run() string {
	mu := &sync.Mutex{}
	once(mu)
	if mu.TryLock() {
		return "free"
	}
	return "locked"
}

func once(mu *sync.Mutex) {
	defer func() { recover() }()
	locked(mu)
}

func locked(mu *sync.Mutex) {
	mu.Lock()
	defer mu.Unlock()
	panic("in the function")
}
