package exchange

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestNothingIsReadAhead(t *testing.T) {
	source := strings.NewReader("0123456789")
	req := httptest.NewRequest("POST", "/", io.NopCloser(source))
	_, seen := pass(func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadFull(req.Body, make([]byte, 4))
		_, _ = io.WriteString(rw, "{}")
	}, req)
	if source.Len() != 6 || string(seen[0].Request) != "0123" {
		t.Errorf("got: %d left and %q kept, want: 6 and 0123", source.Len(), seen[0].Request)
	}
}

func TestKeptInSmallPieces(t *testing.T) {
	one := newBody(io.NopCloser(strings.NewReader(strings.Repeat("x", maxBody+1))))
	_, _ = io.Copy(io.Discard, slowly{one})
	if len(one.kept.data) != maxBody || maxTotal-free(bodies) != maxBody-uncounted {
		t.Errorf("got: %d kept, %d taken, want: %d", len(one.kept.data), maxTotal-free(bodies), maxBody)
	}
	takeRequest(one)
}

// slowly reads a few bytes at a time.
type slowly struct{ inner io.Reader }

func (s slowly) Read(p []byte) (int, error) {
	n, err := s.inner.Read(p[:16])
	return n, err
}
