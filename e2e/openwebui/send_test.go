package openwebui

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
)

// TestAfter100 has servers end after each part of an answer.
func TestAfter100(t *testing.T) {
	const goOn, answer = "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

	tests := []struct {
		desc   string
		before string // the body
		after  string
		want   int
		fault  bool
	}{
		{desc: "an answer", before: goOn, after: answer, want: http.StatusOK},
		{desc: "no answer", before: goOn, fault: true},
		{desc: "half of a head", before: goOn, after: answer[:20], fault: true},
		{desc: "half of an answer", before: goOn, after: answer[:len(answer)-1], fault: true},
		{desc: "nothing at all", fault: true},
		{desc: "a refusal at once", before: "HTTP/1.1 417 Expectation Failed\r\n\r\n", fault: true},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			client, server := net.Pipe()
			defer func() { _ = client.Close() }()

			go func() {
				defer func() { _ = server.Close() }()

				head, body := make([]byte, len("head")), make([]byte, len("body"))
				if _, err := io.ReadFull(server, head); err != nil {
					return
				}

				if _, err := io.WriteString(server, test.before); err != nil || test.before != goOn {
					return
				}

				if _, err := io.ReadFull(server, body); err != nil {
					return
				}

				_, _ = io.WriteString(server, test.after)
			}()

			got, err := sendAfter100(client, bufio.NewReader(client), "head", []byte("body"))
			if (err != nil) != test.fault || !test.fault && got != test.want {
				t.Errorf("got: %d, %v, want: %d, an error: %v", got, err, test.want, test.fault)
			}
		})
	}
}
