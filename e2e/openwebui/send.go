package openwebui

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// patience ends an attempt that gets no answer.
const patience = 30 * time.Second

// Front is where a Traefik is to be reached, host and port.
type Front struct {
	Plain  string
	Secure string
}

// send makes an attempt and returns the status of its answer, 0 where its client
// left or there was none. Go's client speaks HTTP/2; HTTP/1 is written byte for
// byte, for no client would write all of it.
func (f Front) send(ctx context.Context, a Attempt, p person) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	if a.Way == H2 || a.Way == H2C {
		return f.sendH2(ctx, a, p)
	}

	conn, err := f.dial(ctx, a.Way)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()

	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return 0, err
	}

	body := a.framed(a.Body(p.name, p.email))
	head := a.head(len(body), !a.Twice)

	if a.Leave != nil {
		return 0, leave(conn, append([]byte(head), body...), *a.Leave)
	}

	answers := bufio.NewReader(conn)

	if a.Expect {
		return sendAfter100(conn, answers, head, body)
	}

	out := append([]byte(head), body...)

	if a.Twice {
		other := p.second()
		body := a.framed(a.Body(other.name, other.email))
		out = append(append(out, a.head(len(body), true)...), body...)
	}

	// Who refuses a request may hang up before it has read it all, and its
	// answer can still be read.
	_, _ = conn.Write(out)

	status, err := readStatus(answers)
	if err == nil && a.Twice {
		status, err = readStatus(answers)
	}

	return status, err
}

func (f Front) dial(ctx context.Context, way Way) (net.Conn, error) {
	if way == TLS11 {
		dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}} // Traefik's own default certificate
		return dialer.DialContext(ctx, "tcp", f.Secure)
	}

	var dialer net.Dialer

	return dialer.DialContext(ctx, "tcp", f.Plain)
}

// leave sends what the client has sent by the time that it leaves.
func leave(conn net.Conn, request []byte, l Leave) error {
	if _, err := conn.Write(request[:max(0, len(request)-l.Short)]); err != nil {
		return err
	}

	plain, isPlain := conn.(*net.TCPConn)

	if l.Half && isPlain {
		if err := plain.CloseWrite(); err != nil {
			return err
		}
	}

	// Not a wait for something: the moment of leaving is what is tested.
	time.Sleep(l.After)

	if l.Reset && isPlain {
		if err := plain.SetLinger(0); err != nil {
			return err
		}
	}

	return conn.Close()
}

func sendAfter100(conn net.Conn, answers *bufio.Reader, head string, body []byte) (int, error) {
	if _, err := io.WriteString(conn, head); err != nil {
		return 0, err
	}

	// Where nobody says 100, this ends by its deadline.
	line, err := answers.ReadString('\n')
	if err != nil {
		return 0, err
	}

	if !strings.Contains(line, " 100 ") {
		return 0, fmt.Errorf("got: %q, want: 100 Continue", line)
	}

	if _, err := answers.ReadString('\n'); err != nil {
		return 0, err
	}

	if _, err := conn.Write(body); err != nil {
		return 0, err
	}

	return readStatus(answers)
}

func readStatus(answers *bufio.Reader) (int, error) {
	res, err := http.ReadResponse(answers, &http.Request{Method: http.MethodPost})

	// A refusal may be an end without a word.
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, nil
	}

	if err != nil {
		return 0, err
	}

	_, err = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()

	return res.StatusCode, err
}

func (f Front) sendH2(ctx context.Context, a Attempt, p person) (int, error) {
	protocols := new(http.Protocols)
	protocols.SetHTTP2(a.Way == H2)
	protocols.SetUnencryptedHTTP2(a.Way == H2C)

	// One connection for each attempt, as each is somebody else's.
	transport := &http.Transport{
		Protocols:       protocols,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // Traefik's own default certificate
	}
	defer transport.CloseIdleConnections()

	base := "http://" + f.Plain
	if a.Way == H2 {
		base = "https://" + f.Secure
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	body := a.Body(p.name, p.email)

	var reader io.Reader = bytes.NewReader(body)
	if a.Leave != nil {
		// The body's reader sees its end when all of it was taken.
		reader = &leaving{rest: body[:len(body)-a.Leave.Short], after: a.Leave.After, short: a.Leave.Short > 0, leave: cancel}
	}

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+a.Target, reader)
	if err != nil {
		return 0, err
	}

	req.Host = a.host()
	req.ContentLength = int64(len(body))

	if a.Chunked {
		req.ContentLength = -1
	}

	for _, header := range a.Headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}

	res, err := transport.RoundTrip(req)
	if err != nil {
		if a.Leave != nil && errors.Is(err, context.Canceled) {
			return 0, nil
		}

		return 0, err
	}
	defer func() { _ = res.Body.Close() }()

	if res.ProtoMajor != 2 {
		return 0, fmt.Errorf("got: %s, want: HTTP/2", res.Proto)
	}

	_, err = io.Copy(io.Discard, res.Body)

	return res.StatusCode, err
}

// leaving is a body whose client resets the stream after it.
type leaving struct {
	rest  []byte
	after time.Duration
	short bool
	leave func()
}

func (l *leaving) Read(p []byte) (int, error) {
	if len(l.rest) > 0 {
		n := copy(p, l.rest)
		l.rest = l.rest[n:]

		return n, nil
	}

	// A moment that the test chose, not a wait for something.
	time.AfterFunc(l.after, l.leave)

	if l.short {
		time.Sleep(l.after + time.Second) // past the reset
	}

	return 0, io.EOF
}
