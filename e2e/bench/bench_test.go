package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

func TestSpread(t *testing.T) {
	tests := []struct {
		desc   string
		values []float64
		want   spread[float64]
	}{
		{desc: "one", values: []float64{3}, want: spread[float64]{3, 3, 3}},
		{desc: "the middle half, in any order", values: []float64{9, 1, 3, 5, 2, 4, 7, 8, 6}, want: spread[float64]{5, 3, 7}},
		{desc: "one that is far off moves nothing", values: []float64{1, 1, 1, 1, 100}, want: spread[float64]{1, 1, 1}},
	}

	for _, test := range tests {
		if got := spreadOf(test.values); got != test.want {
			t.Errorf("%s: got: %v, want: %v", test.desc, got, test.want)
		}
	}

	if got := ratios([]float64{2, 6, 20}, []float64{1, 2, 5}); got.median != 3 {
		t.Errorf("got: %v, want: the median of the rounds' ratios, 3", got)
	}
}

// TestRefuses shows that a run with failures gives no numbers.
func TestRefuses(t *testing.T) {
	failing := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer failing.Close()

	s, err := start(t.Context(), map[string]string{}, failing.URL, []router{{host: "none.test"}})
	tools.Check(t, err)

	defer s.Stop()

	_, err = attack(t.Context(), s, targets(s, "none.test", page), 20, 200*time.Millisecond)
	if !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "503") {
		t.Errorf("got: %v, want: a refusal that names the failure", err)
	}

	missing := openInbox(false)
	defer missing.close()

	if err := missing.await(t.Context(), 1, 50*time.Millisecond); !errors.Is(err, errRefused) {
		t.Errorf("got: %v, want: a refusal, for a notice is missing", err)
	}
}

// TestReport makes a report of a part that needs little time.
func TestReport(t *testing.T) {
	p := plan{rounds: 1, lasting: time.Second, rate: 20, folder: t.TempDir()}

	tools.Check(t, bench(t.Context(), p, "interpreted"))

	text, err := os.ReadFile(filepath.Join(p.folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"# What the plugin costs", "| a page |", "| a sign-up |"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got: %s, want in it: %s", text, want)
		}
	}

	if err := bench(context.Background(), p, "nonsense"); err == nil {
		t.Error("got: no error for a part that there is not, want: one")
	}
}
