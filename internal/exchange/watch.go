package exchange

// An exchange that is only watched: nothing of it is held.

import (
	"context"
	"log"
	"net/http"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// unseen counts the answers that were not kept for want of memory.
var unseen = tally.New()

// Watch calls next with a copy of req that has the context ctx and asks for an
// unencoded answer, which streams; nothing is held, and the call ends with its
// client. see is called, and must not panic, when a piece of a 2xx answer has
// been handed on: with the first piece alone, and unless it returns that this
// was enough, with the first 64 KiB when the answer has ended. If keepsBody,
// it is called at the end alone, also with the request's body, which is not
// kept else, since it may hold a password.
func Watch(ctx context.Context, next http.Handler, rw http.ResponseWriter, req *http.Request, keepsBody bool, see func(*Seen) bool) {
	copied := unencoded(ctx, req)
	var kept *body
	if keepsBody {
		kept = keepBody(copied)
	}
	passing := newStream(rw, kept, !keepsBody, see)

	// As in Pass: no recover, and no literal of this function in the defer.
	defer func() {
		finishStream(passing)
		if kept != nil {
			takeRequest(kept)
		}
	}()
	next.ServeHTTP(passing, copied)
}

// stream is the ResponseWriter that the next handler sees. It hands on
// everything at once, and keeps the beginning of a successful answer.
type stream struct {
	http.ResponseWriter // the client's

	request *body // nil if it is not kept
	see     func(*Seen) bool
	early   bool // the first piece is looked at by itself

	status          int
	contentType     string // as it stood when a success was written
	contentEncoding string
	kept            *buffer
	full            bool // nothing more is kept
}

func newStream(rw http.ResponseWriter, request *body, early bool, see func(*Seen) bool) *stream {
	return &stream{
		ResponseWriter: rw,
		request:        request,
		see:            see,
		early:          early,
		kept:           &buffer{max: firstAnswer, budget: answers},
	}
}

func (s *stream) WriteHeader(status int) {
	if s.status == 0 && isFinal(status) {
		began(s, status)
	}
	s.ResponseWriter.WriteHeader(status)
}

// began notes the status, and whether the answer is worth keeping.
func began(s *stream, status int) {
	s.status = status
	if !isSuccess(status) {
		s.full = true
		return
	}
	header := s.ResponseWriter.Header()
	s.contentType = header.Get("Content-Type")
	s.contentEncoding = header.Get("Content-Encoding")
}

func (s *stream) Write(p []byte) (int, error) {
	if s.status == 0 {
		began(s, http.StatusOK)
	}
	n, err := s.ResponseWriter.Write(p)
	if s.full {
		return n, err
	}
	if s.early {
		s.full = glance(s, p)
		s.early = false
	}
	if !s.full {
		keepAnswer(s, p)
	}
	return n, err
}

// glance has the first piece looked at as it is. Nearly always it says all, and
// nothing need be kept.
func glance(s *stream, p []byte) bool {
	if len(p) > firstAnswer {
		p = p[:firstAnswer]
	}
	enough := s.see(&Seen{
		Status:          s.status,
		ContentType:     s.contentType,
		ContentEncoding: s.contentEncoding,
		Answer:          p,
		Early:           true,
	})
	return enough
}

func keepAnswer(s *stream, p []byte) {
	room := firstAnswer - len(s.kept.data)
	if len(p) >= room {
		p = p[:room]
		s.full = true
	}
	if addTo(s.kept, p, reserve) {
		return
	}
	s.full = true
	drop(s.kept)
	count := tally.Add(unseen)
	if count > 0 {
		log.Printf("signupwebhook: the answers now passing hold %d MiB; %d so far were not looked at, and who signed in by one of those is seen the next time", maxTotal>>20, count)
	}
}

// finishStream looks at what was kept. It is called once, when the next handler
// has returned or panicked.
func finishStream(s *stream) {
	if len(s.kept.data) == 0 { // nothing of a success, or that was seen early
		return
	}
	seen := seenOf(s.status, s.contentType, s.contentEncoding, s.kept.data, s.request)
	seen.Long = s.full
	_ = s.see(seen)
	drop(s.kept)
}
