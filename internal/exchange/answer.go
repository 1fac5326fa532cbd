package exchange

// The answer of a request that makes an account, held until it was announced.

import (
	"log"
	"net/http"
	"reflect"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

// answers is what all held answers share.
var answers = newBudget(maxTotal)

// answer is the ResponseWriter that the next handler sees. It holds a
// successful answer until the exchange was looked at; every other one passes
// through. An interpreted ResponseWriter has neither Flush nor Hijack, which
// is why only watched requests get one.
type answer struct {
	http.ResponseWriter // the client's

	request *body            // nil without one
	see     func(*Seen) bool // called once, before the client gets a success

	status int
	header http.Header // as it stood when the status was written
	held   *buffer
	passes bool // no longer held
}

func newAnswer(rw http.ResponseWriter, request *body, see func(*Seen) bool) *answer {
	return &answer{
		ResponseWriter: rw,
		request:        request,
		see:            see,
		held:           &buffer{max: maxAnswer, budget: answers},
	}
}

func (a *answer) WriteHeader(status int) {
	if !isFinal(status) {
		a.ResponseWriter.WriteHeader(status)
		return
	}
	if a.status != 0 {
		return
	}
	a.status = status
	if !isSuccess(status) {
		a.passes = true
		a.ResponseWriter.WriteHeader(status)
		return
	}
	a.header = a.ResponseWriter.Header().Clone()
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if a.passes {
		return a.ResponseWriter.Write(p)
	}
	if hold(a, p) {
		return len(p), nil
	}
	show(a, beginning(a, p))
	err := release(a)
	if err != nil {
		return 0, err
	}
	return a.ResponseWriter.Write(p)
}

// hold keeps p, if an answer of that size is still held.
func hold(a *answer, p []byte) bool {
	size := len(a.held.data) + len(p)
	spare := 0
	if size > firstAnswer {
		spare = reserve
	}
	if addTo(a.held, p, spare) {
		return true
	}
	if size <= maxAnswer { // else it is too large by itself
		sayAnswers()
	}
	return false
}

// sayAnswers counts an answer that is not held for want of memory.
func sayAnswers() {
	count := tally.Add(answers.refused)
	if count > 0 {
		log.Printf("signupwebhook: the answers now held take %d MiB; %d so far were passed on as they came, each announced from its beginning", maxTotal>>20, count)
	}
}

// beginning is what there is of an answer that is not held to its end: what
// was held, and of the next piece as much as fills the first 64 KiB.
func beginning(a *answer, p []byte) []byte {
	room := firstAnswer - len(a.held.data)
	if room <= 0 {
		return a.held.data
	}
	if len(p) > room {
		p = p[:room]
	}
	whole := make([]byte, 0, firstAnswer)
	whole = append(whole, a.held.data...)
	return append(whole, p...)
}

// finishAnswer looks at an answer that is still held and hands it on. It is called
// once, when the next handler has returned or panicked.
func finishAnswer(a *answer, aborted bool) {
	if a.status == 0 || a.passes {
		return
	}
	show(a, a.held.data)
	_ = release(a) // the client has gone: nobody is left to tell
	if aborted && a.header.Get("Content-Length") == "" {
		flush(a) // as it would have been by now
	}
}

// flush sends what the server may still keep, so that the client gets as much
// as came, and trailers have a chunked answer to follow.
func flush(a *answer) {
	_ = http.NewResponseController(a.ResponseWriter).Flush()
}

// show has the exchange seen, with what there is of its answer.
func show(a *answer, answer []byte) {
	contentType := a.header.Get("Content-Type")
	contentEncoding := a.header.Get("Content-Encoding")
	seen := seenOf(a.status, contentType, contentEncoding, answer, a.request)
	_ = a.see(seen)
}

// release sends the held answer. What the next handler put into the headers
// after the status are trailers, which must not stand among the headers.
func release(a *answer) error {
	a.passes = true
	header := a.ResponseWriter.Header()
	if !reflect.DeepEqual(header, a.header) {
		return releaseWithTrailers(a, header)
	}
	return send(a)
}

func releaseWithTrailers(a *answer, header http.Header) error {
	trailers := header.Clone()
	assign(header, a.header)
	err := send(a)
	flush(a)
	assign(header, trailers)
	return err
}

func send(a *answer) error {
	a.ResponseWriter.WriteHeader(a.status)
	var err error
	if len(a.held.data) > 0 {
		_, err = a.ResponseWriter.Write(a.held.data)
	}
	drop(a.held)
	return err
}

// assign makes header equal to want.
func assign(header, want http.Header) {
	for key := range header {
		if want[key] == nil {
			delete(header, key)
		}
	}
	for key, values := range want {
		header[key] = values
	}
}
