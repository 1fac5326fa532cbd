package exchange

// A request's body, whose beginning is kept while it passes.

import (
	"io"
	"log"
	"sync"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// bodies is what all kept requests share.
var bodies = newBudget(maxTotal)

// body passes a request's body on and keeps its beginning. It never reads
// ahead: what the next handler does not read stays unread. The transport may
// read it from another goroutine, also after the answer has come.
type body struct {
	inner   io.ReadCloser
	mu      *sync.Mutex
	kept    *buffer
	dropped bool // nothing more is kept
}

func newBody(inner io.ReadCloser) *body {
	return &body{
		inner: inner,
		mu:    &sync.Mutex{},
		kept:  &buffer{max: maxBody, budget: bodies},
	}
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.inner.Read(p)
	if n > 0 {
		keepRequest(b, p[:n])
	}
	return n, err
}

func (b *body) Close() error {
	return b.inner.Close()
}

func keepRequest(b *body, p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	room := maxBody - len(b.kept.data)
	if b.dropped || room == 0 {
		return
	}
	if len(p) > room {
		p = p[:room]
	}
	if addTo(b.kept, p, 0) {
		return
	}
	drop(b.kept)
	b.dropped = true
	sayBodies()
}

// sayBodies counts a request that is not kept for want of memory.
func sayBodies() {
	count := tally.Add(bodies.refused)
	if count > 0 {
		log.Printf("signupwebhook: the request bodies now passing hold %d MiB; %d so far were not kept, and a name that stands in the request alone is not known for those", maxTotal>>20, count)
	}
}

// takeRequest ends the keeping and hands over a copy of what was kept.
func takeRequest(b *body) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dropped = true
	taken := append([]byte(nil), b.kept.data...)
	drop(b.kept)
	return taken
}
