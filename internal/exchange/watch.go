package exchange

// An exchange that is only watched: nothing of it is held.

import (
	"log"
	"net/http"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// unseen counts the answers that were not kept for want of memory.
var unseen = tally.New()

// Watch calls next with a copy of req that asks for an unencoded answer, and
// keeps the first 64 KiB of it while it streams; nothing is held, and the call
// ends with its client. see is called at most once, when a 2xx answer has been
// handed on; it must not panic. The request's body is kept only if that is
// asked for, since it may hold a password.
func Watch(next http.Handler, rw http.ResponseWriter, req *http.Request, keepsBody bool, see func(*Seen)) {
	copied := unencoded(req.Context(), req)
	var kept *body
	if keepsBody {
		kept = keepBody(copied)
	}
	passing := newStream(rw, kept, see)

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

	request *body       // nil if it is not kept
	see     func(*Seen) // called once, after the client got a success

	status int
	header http.Header // as it stood when a success was written
	kept   *buffer
	full   bool // nothing more is kept
}

func newStream(rw http.ResponseWriter, request *body, see func(*Seen)) *stream {
	return &stream{
		ResponseWriter: rw,
		request:        request,
		see:            see,
		kept:           &buffer{max: firstAnswer, budget: answers},
	}
}

func (s *stream) WriteHeader(status int) {
	if isFinal(status) && s.status == 0 {
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
	s.header = s.ResponseWriter.Header().Clone()
}

func (s *stream) Write(p []byte) (int, error) {
	if s.status == 0 {
		began(s, http.StatusOK)
	}
	n, err := s.ResponseWriter.Write(p)
	if !s.full {
		keepAnswer(s, p)
	}
	return n, err
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
	count := unseen.Add()
	if count > 0 {
		log.Printf("signupwebhook: the answers now passing hold %d MiB; %d so far were not looked at, and who signed in by one of those is seen the next time", maxTotal>>20, count)
	}
}

// finishStream looks at what was kept. It is called once, when the next handler has
// returned or panicked.
func finishStream(s *stream) {
	if len(s.kept.data) > 0 { // of a success, then
		seen := seenOf(s.status, s.header, s.kept.data, s.request)
		s.see(seen)
	}
	drop(s.kept)
}
