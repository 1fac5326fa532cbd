// Package exchange passes a watched request on to the next handler and its
// answer back to the client, unchanged but for the encoding that is asked
// for, and keeps what an event can be made of. It bounds the memory that
// strangers can make it use, and knows nothing of Open WebUI or of notices.
//
// Every watched request comes by here, so its types have only the methods that
// an interface wants: to call one takes the interpreter as long as four calls of
// a function.
package exchange

import (
	"context"
	"net/http"
)

// Seen is what was kept of an exchange with a successful answer.
type Seen struct {
	Status          int
	ContentType     string // of the answer, as ContentEncoding is
	ContentEncoding string
	Answer          []byte // the answer's body, or its beginning
	Request         []byte // the beginning of the request's body; nil if not kept
	Early           bool   // Answer is its first piece, and goes on
	Long            bool   // it is longer than what Watch keeps of it
}

// Pass calls next with a copy of req that has the context ctx and asks for an
// unencoded answer, and goes on if the client leaves. see is called at most
// once, with a 2xx answer, before the client gets it; it must not panic, and
// what it returns says nothing here. The answer is held until then, up to 1 MiB
// of it. An aborted or panicking handler is passed on as it is, after see was
// called with what there was.
func Pass(ctx context.Context, next http.Handler, rw http.ResponseWriter, req *http.Request, see func(*Seen) bool) {
	call := detach(ctx)
	copied := unencoded(call.ctx, req)
	kept := keepBody(copied)
	held := newAnswer(rw, kept, see)

	// No recover: a panic, http.ErrAbortHandler above all, goes its way. In
	// the interpreter, no function literal of this function may be called
	// from here, directly or not: it would wait for the defer for ever.
	aborted := true
	defer func() {
		endCall(call)
		finishAnswer(held, aborted)
		if kept != nil {
			takeRequest(kept)
		}
	}()
	next.ServeHTTP(held, copied)
	aborted = false
}

// unencoded is a copy of a request that asks for an answer as it is: a browser
// would get zstd, which the interpreter has no reader for.
func unencoded(ctx context.Context, req *http.Request) *http.Request {
	copied := req.WithContext(ctx)
	copied.Header = req.Header.Clone()
	copied.Header.Set("Accept-Encoding", "identity")
	return copied
}

// keepBody has the beginning of a request's body kept while it passes; nil
// where there is none.
func keepBody(req *http.Request) *body {
	if req.Body == nil || req.ContentLength == 0 {
		return nil
	}
	kept := newBody(req.Body)
	req.Body = kept
	return kept
}

// seenOf takes what was kept of a request, nil for none, and shows it with
// what there is of its answer.
func seenOf(status int, contentType, contentEncoding string, answer []byte, request *body) *Seen {
	seen := &Seen{Status: status, ContentType: contentType, ContentEncoding: contentEncoding, Answer: answer}
	if request != nil {
		seen.Request = takeRequest(request)
	}
	return seen
}

// isFinal tells whether a status is the answer's own, and no hint before it.
func isFinal(status int) bool {
	return status < 100 || status > 199 || status == http.StatusSwitchingProtocols
}

func isSuccess(status int) bool {
	return status >= 200 && status <= 299
}
