package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// exchange is one request and what is kept of it.
type exchange struct {
	name      string
	about     string
	want      int
	method    string // POST where empty
	path      string
	token     string
	encodings string // identity where empty
	body      []byte
	cut       int    // keep so much of the answer's body
	keep      string // what the request's file is, where it is kept
}

type file struct {
	name, about string
	text        []byte
}

type recorder struct {
	ctx     context.Context
	addr    string
	cleaner *cleaner
	files   []file
	last    []byte // the last answer's body, unpacked and as it was
	err     error  // the first error; after it nothing more is done
}

func newRecorder(addr string) *recorder {
	return &recorder{addr: addr, cleaner: newCleaner()}
}

func (r *recorder) do(step func() error) {
	if r.err == nil {
		r.err = step()
	}
}

// answered is a field of the last answer; "" is an error.
func (r *recorder) answered(name string) string {
	var answer map[string]any

	r.do(func() error { return json.Unmarshal(r.last, &answer) })

	value, ok := answer[name].(string)
	r.do(func() error {
		if !ok {
			return fmt.Errorf("the last answer has no %q", name)
		}

		return nil
	})

	return value
}

// take makes the exchange and keeps the answer.
func (r *recorder) take(e exchange) {
	r.do(func() error {
		if err := r.record(e); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}

		return nil
	})
}

func (r *recorder) record(e exchange) error {
	request := e.bytes()

	raw, err := r.send(request, e.method)
	if err != nil {
		return err
	}

	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))

	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()

	if res.StatusCode != e.want {
		return fmt.Errorf("answered %s, want %d", res.Status, e.want)
	}

	if res.ContentLength < 0 {
		return errors.New("answered without a Content-Length")
	}

	encoding := res.Header.Get("Content-Encoding")

	plain, err := unpack(encoding, body)
	if err != nil {
		return err
	}

	r.last = plain

	plain = r.cleaner.body(plain)
	if e.cut > 0 {
		plain = plain[:min(e.cut, len(plain))]
	}

	packed, err := pack(encoding, plain)
	if err != nil {
		return err
	}

	text := append(r.cleaner.head(head, len(packed)), packed...)
	r.files = append(r.files, file{name: e.name + ".response", about: e.about, text: text})

	if e.keep != "" {
		head, body, _ := bytes.Cut(request, []byte("\r\n\r\n"))
		text := append(r.cleaner.head(head, len(body)), body...)
		r.files = append(r.files, file{name: e.name + ".request", about: e.keep, text: text})
	}

	return nil
}

// bytes is the request with a browser's headers in a browser's order.
func (e exchange) bytes() []byte {
	method, encodings := e.method, e.encodings
	if method == "" {
		method = http.MethodPost
	}

	if encodings == "" {
		encodings = "identity"
	}

	var out bytes.Buffer

	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\r\n", args...) }

	line("%s %s HTTP/1.1", method, e.path)
	line("Host: chat.example.org")
	line("Connection: keep-alive")

	if method == http.MethodPost {
		line("Content-Length: %d", len(e.body))
	}

	if e.token != "" {
		line("Authorization: Bearer %s", e.token)
	}

	line("User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36")
	line("Accept: */*")
	line("Content-Type: application/json")
	line("Origin: http://chat.example.org")
	line("Referer: http://chat.example.org/auth")
	line("Accept-Encoding: %s", encodings)
	line("Accept-Language: de-DE,de;q=0.9")
	line("")
	out.Write(e.body)

	return out.Bytes()
}

// send is done by hand because an HTTP client would lose the spelling and the
// order of the answer's headers.
func (r *recorder) send(request []byte, method string) ([]byte, error) {
	dialer := net.Dialer{Timeout: 5 * time.Second}

	conn, err := dialer.DialContext(r.ctx, "tcp", r.addr)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()

	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return nil, err
	}

	if _, err := conn.Write(request); err != nil {
		return nil, err
	}

	var raw bytes.Buffer

	reader := bufio.NewReader(io.TeeReader(conn, &raw))

	res, err := http.ReadResponse(reader, &http.Request{Method: method})
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()

	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return nil, err
	}

	return raw.Bytes(), nil
}
