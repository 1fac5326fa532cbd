package exchange

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func free(b *budget) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free
}

func TestLimitOfKeptBodies(t *testing.T) {
	all := []*body{}
	data := bytes.Repeat([]byte("x"), maxBody)
	kept := 0
	for i := 0; i < 600; i++ {
		one := newBody(io.NopCloser(bytes.NewReader(data)))
		all = append(all, one)
		_, _ = io.Copy(io.Discard, one)
		if len(one.kept.data) == maxBody {
			kept++
		}
	}
	if kept != maxTotal/(maxBody-uncounted) {
		t.Errorf("got: %d kept, want: %d", kept, maxTotal/(maxBody-uncounted))
	}
	for _, one := range all {
		takeRequest(one)
	}
	if free(bodies) != maxTotal {
		t.Errorf("got: %d free, want: %d", free(bodies), maxTotal)
	}
}

func TestLimitOfHeldAnswers(t *testing.T) {
	piece := strings.Repeat("x", maxBody)
	all := []*answer{}
	looked := &observer{}
	for i := 0; i < 60; i++ {
		one := newAnswer(httptest.NewRecorder(), nil, looked.see)
		all = append(all, one)
		for written := 0; written < maxAnswer; written += len(piece) {
			_, _ = io.WriteString(one, piece)
		}
	}
	streamed := len(looked.seen)
	held := (maxTotal - reserve) / maxAnswer
	if streamed != 60-held {
		t.Errorf("got: %d streamed, want: %d", streamed, 60-held)
	}
	for _, seen := range looked.seen {
		if len(seen.Answer) != firstAnswer {
			t.Fatalf("got: %d bytes of a streamed answer, want: %d", len(seen.Answer), firstAnswer)
		}
	}
	small := newAnswer(httptest.NewRecorder(), nil, looked.see)
	_, _ = io.WriteString(small, "{}")
	if small.passes {
		t.Error("a small answer is not held any more")
	}
	finishAnswer(small, false)
	for _, one := range all {
		finishAnswer(one, false)
	}
	if free(answers) != maxTotal || len(looked.seen) != 61 {
		t.Errorf("got: %d free and %d seen, want: %d and 61", free(answers), len(looked.seen), maxTotal)
	}
}

// An ordinary answer is seen whole, in however many pieces it comes and whatever
// else is held.
func TestNoRoomForOrdinaryAnswers(t *testing.T) {
	if !takeFrom(answers, maxTotal, 0) || !takeFrom(bodies, maxTotal, 0) {
		t.Fatal("no room to begin with")
	}
	defer giveBack(answers, maxTotal)
	defer giveBack(bodies, maxTotal)
	request := "{" + strings.Repeat(" ", uncounted-2) + "}"
	recorder, seen := pass(func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		for i := 0; i < len(request); i++ {
			_, _ = io.WriteString(rw, request[i:i+1])
		}
	}, post(request))
	if recorder.Body.String() != request || len(seen) != 1 || string(seen[0].Answer) != request || string(seen[0].Request) != request {
		t.Errorf("got: %d bytes, seen %d times, want: all of it, seen whole", recorder.Body.Len(), len(seen))
	}
}
