package receiver

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestEveryRequestIsKept(t *testing.T) {
	r := Run(t)
	begin := time.Now()

	if got := post(t, r.URL()+"/hook?key=1", "one"); got != http.StatusOK {
		t.Errorf("got: %v, want: %v", got, http.StatusOK)
	}

	r.Answer(http.StatusTooManyRequests, "Retry-After", "7")

	if got := post(t, r.URL(), "two"); got != http.StatusTooManyRequests {
		t.Errorf("got: %v, want: %v", got, http.StatusTooManyRequests)
	}

	tries := r.Tries()
	if len(tries) != 2 || len(r.Taken()) != 1 {
		t.Fatalf("got: %v tries and %v taken, want: 2 and 1", len(tries), len(r.Taken()))
	}

	first := tries[0]
	if first.Method != http.MethodPost || first.Target != "/hook?key=1" || first.Body != "one" || first.Host != r.Addr() {
		t.Errorf("got: %+v", first)
	}

	if got := first.Header.Get("Content-Type"); got != "text/plain" {
		t.Errorf("got: %v, want: text/plain", got)
	}

	if first.At.Before(begin) || time.Now().Before(first.At) {
		t.Errorf("got: arrival at %v, want: between %v and now", first.At, begin)
	}
}

func TestHangingRequestsGetTheNextAnswer(t *testing.T) {
	r := Run(t)
	r.Hang()

	status := make(chan int, 1)
	go func() { status <- post(t, r.URL(), "late") }()

	if _, err := r.AwaitTries(t.Context(), 1); err != nil {
		t.Fatal(err)
	}

	select {
	case got := <-status:
		t.Errorf("got: %v while it hangs, want: no answer", got)
	default:
	}

	r.Answer(http.StatusAccepted)

	if got := <-status; got != http.StatusAccepted {
		t.Errorf("got: %v, want: %v", got, http.StatusAccepted)
	}

	if _, err := r.AwaitBody(t.Context(), "late"); err != nil {
		t.Error(err)
	}
}

func TestSwitchedOff(t *testing.T) {
	r := Run(t)
	r.SwitchOff()

	if got := post(t, r.URL(), ""); got != 0 {
		t.Errorf("got: %v, want: no connection", got)
	}

	if err := r.SwitchOn(); err != nil {
		t.Fatal(err)
	}

	if got := post(t, r.URL(), ""); got != http.StatusOK {
		t.Errorf("got: %v, want: %v", got, http.StatusOK)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	r := Run(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := r.Await(ctx, 1); err == nil || !strings.Contains(err.Error(), "0 notices were taken, want 1") {
		t.Errorf("got: %v", err)
	}
}

// post returns the answer's status, 0 where there is none.
func post(t *testing.T, url, body string) int {
	t.Helper()

	res, err := http.Post(url, "text/plain", strings.NewReader(body))
	if err != nil {
		return 0
	}

	_ = res.Body.Close()

	return res.StatusCode
}
