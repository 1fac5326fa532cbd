// Package exchange passes a watched request on to the next handler and its
// answer back to the client, unchanged but for the encoding that is asked
// for, and keeps what an event can be made of. It bounds the memory that
// strangers can make it use, and knows nothing of Open WebUI or of notices.
package exchange

import (
	"net/http"
)

// Seen is what was kept of an exchange with a successful answer.
type Seen struct {
	Status  int
	Header  http.Header // of the answer
	Answer  []byte      // the answer's body, or its beginning
	Request []byte      // the beginning of the request's body, or nil
}

// Pass calls next with a copy of req that asks for an unencoded answer, and
// goes on if the client leaves. see is called at most once, with a 2xx
// answer, before the client gets it; it must not panic. The answer is held
// until then, up to 1 MiB of it. An aborted or panicking handler is passed on
// as it is, after see was called with what there was.
func Pass(next http.Handler, rw http.ResponseWriter, req *http.Request, see func(*Seen)) {
	call := detach(req.Context())
	// A browser would get zstd, which the interpreter has no reader for.
	copied := req.WithContext(call.ctx)
	copied.Header = req.Header.Clone()
	copied.Header.Set("Accept-Encoding", "identity")

	var kept *body
	if req.Body != nil && req.ContentLength != 0 {
		kept = newBody(req.Body)
		copied.Body = kept
	}
	held := newAnswer(rw, kept, see)

	// No recover: a panic, http.ErrAbortHandler above all, goes its way. In
	// the interpreter, no function literal of this function may be called
	// from here, directly or not: it would wait for the defer for ever.
	aborted := true
	defer func() {
		call.end()
		held.finish(aborted)
		if kept != nil {
			kept.take()
		}
	}()
	next.ServeHTTP(held, copied)
	aborted = false
}
