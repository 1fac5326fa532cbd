package pathfuzz

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// answer is what came back; without a status the connection ended unanswered.
type answer struct {
	status  int
	reached string // the path of the endpoint that answered
	header  http.Header
}

// made tells whether an account was made.
func (a answer) made() bool { return a.reached != "" }

// client sends over one connection as long as that is kept. No library would
// send what it sends.
type client struct {
	addr   string
	conn   net.Conn
	reader *bufio.Reader
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// send gives an error where the outcome cannot be known.
func (c *client) send(r request, number string) (answer, error) {
	// After what may be read as more or less than one request, what follows
	// on the connection would be nobody's answer.
	alone := r.version != "HTTP/1.1" || strings.ContainsFunc(r.line(), func(char rune) bool { return char < ' ' })
	if alone {
		c.close()
		defer c.close()
	}

	for {
		kept := c.conn != nil

		if !kept {
			conn, err := net.Dial("tcp", c.addr)
			if err != nil {
				return answer{}, err
			}

			c.conn, c.reader = conn, bufio.NewReader(conn)
		}

		got, err := c.exchange(r, number)
		if err == nil {
			if !alone && got.made() && got.header.Get("X-Account") != number {
				return got, fmt.Errorf("%v: got: the answer of %q, want: of %q", r, got.header.Get("X-Account"), number)
			}

			return got, nil
		}

		c.close()

		if errors.Is(err, os.ErrDeadlineExceeded) {
			return answer{}, fmt.Errorf("%v: no answer: %w", r, err)
		}

		// A kept connection may have been closed meanwhile.
		if !kept {
			return answer{}, nil
		}
	}
}

func (c *client) exchange(r request, number string) (answer, error) {
	if err := c.conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return answer{}, err
	}

	// Who refuses a request may hang up before it has read it all, and its
	// answer can still be read.
	_, _ = io.WriteString(c.conn, r.raw(number))

	res, err := http.ReadResponse(c.reader, &http.Request{Method: r.method})
	if err != nil {
		return answer{}, err
	}

	_, err = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()

	if err != nil {
		return answer{}, err
	}

	if res.Close {
		c.close()
	}

	return answer{status: res.StatusCode, reached: res.Header.Get("X-Reached"), header: res.Header}, nil
}

// each has a few workers send to the addresses, for each number below n.
func each(t *testing.T, n int, addrs []string, f func(number int, clients []*client) error) {
	t.Helper()

	var (
		next    atomic.Int64
		workers sync.WaitGroup
	)

	for range 16 {
		workers.Go(func() {
			clients := make([]*client, len(addrs))
			for i, addr := range addrs {
				clients[i] = &client{addr: addr}
				defer clients[i].close()
			}

			for !t.Failed() {
				number := int(next.Add(1)) - 1
				if number >= n {
					return
				}

				if err := f(number, clients); err != nil {
					t.Error(err)
				}
			}
		})
	}

	workers.Wait()
}
