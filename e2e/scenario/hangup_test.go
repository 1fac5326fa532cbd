package scenario

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// hangUp sends a request and closes the connection that long after.
func hangUp(addr, request string, after time.Duration) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}

	_, err = io.WriteString(conn, request)
	// Not a wait for something: the moment of leaving is what is tested.
	time.Sleep(after)

	return errors.Join(err, conn.Close())
}

func TestClientsThatHangUpAreAnnounced(t *testing.T) {
	standIn, err := webui.StandIn()
	if err != nil {
		t.Fatal(err)
	}

	const thinking = 300 * time.Millisecond

	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		time.Sleep(thinking) // so that every client has gone by then
		standIn.ServeHTTP(rw, req)
	}))
	t.Cleanup(app.Close)

	p, r, host := shared(t), receiver.Run(t), hostOf(t)
	p.publish(t, site{host: host, upstream: app.URL, middlewares: []options{{"webhookURL": r.URL()}}})

	var (
		group sync.WaitGroup
		names []string
	)

	for after := 5 * time.Millisecond; after <= 200*time.Millisecond; after += 5 * time.Millisecond {
		name := fmt.Sprint("gone after ", after)
		names = append(names, name)

		group.Add(1)

		go func() {
			defer group.Done()

			if err := hangUp(p.Addr(), signUpRequest(host, webui.SignUpPath, name), after); err != nil {
				t.Error(err)
			}

			// One byte short there is no account.
			request := signUpRequest(host, webui.SignUpPath, "nobody after "+fmt.Sprint(after))
			if err := hangUp(p.Addr(), request[:len(request)-1], after); err != nil {
				t.Error(err)
			}
		}()
	}

	group.Wait()

	if _, err := r.Await(wait.AtMost(t, patience), len(names)); err != nil {
		t.Error(err)
	}

	wantNotices(t, p.settled(t, host, r), names...)
}
