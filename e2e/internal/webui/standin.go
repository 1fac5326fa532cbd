package webui

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const page = "<!doctype html>\n<title>Open WebUI (stand-in)</title>\n<p>This stands in for Open WebUI.</p>\n"

// StandIn answers sign-ups as Open WebUI was recorded to, with a fresh id and
// with the name and the address of the request, and anything else with a small
// page. It remembers nobody.
func StandIn() (http.Handler, error) {
	pending, err := ReadResponse("signup-pending")
	if err != nil {
		return nil, err
	}

	refused, err := ReadResponse("signup-bad-json")
	if err != nil {
		return nil, err
	}

	account, err := newTemplate(pending)
	if err != nil {
		return nil, err
	}

	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		// The server's route pattern takes one newline at its end.
		path := strings.TrimSuffix(req.URL.Path, "\n")
		if req.Method != http.MethodPost || path != SignUpPath {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(rw, page)

			return
		}

		var form struct {
			Name  string `json:"name"`
			Email string `json:"email"`
		}

		if err := json.NewDecoder(req.Body).Decode(&form); err != nil {
			send(rw, refused, refused.Body)
			return
		}

		send(rw, pending, account.fill(newID(), form.Name, strings.ToLower(form.Email)))
	}), nil
}

// RunStandIn serves StandIn to a test, until its end.
func RunStandIn(t testing.TB) *httptest.Server {
	t.Helper()

	handler, err := StandIn()
	if err != nil {
		t.Fatal(err)
	}

	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)

	return server
}

func send(rw http.ResponseWriter, recording Recording, body []byte) {
	for name, values := range recording.Header {
		// These two are the running server's to say.
		if name != "Date" && name != "Content-Length" {
			rw.Header()[name] = values
		}
	}

	rw.Header().Set("Content-Length", fmt.Sprint(len(body)))
	rw.WriteHeader(recording.Status)
	_, _ = rw.Write(body)
}

// template is a recorded account cut where its id, name and e-mail stand. The
// id stands in the tail too, in the path of the picture.
type template struct {
	head, afterID, afterName, tail []byte

	id []byte
}

func newTemplate(recording Recording) (template, error) {
	var account Account
	if err := json.Unmarshal(recording.Body, &account); err != nil {
		return template{}, err
	}

	head, rest, ok1 := bytes.Cut(recording.Body, encode(account.ID))
	afterID, rest, ok2 := bytes.Cut(rest, encode(account.Name))
	afterName, tail, ok3 := bytes.Cut(rest, encode(account.Email))

	if !ok1 || !ok2 || !ok3 {
		return template{}, errors.New("the recorded account has not id, name and e-mail in this order")
	}

	return template{head, afterID, afterName, tail, []byte(account.ID)}, nil
}

func (t template) fill(id, name, email string) []byte {
	tail := bytes.ReplaceAll(t.tail, t.id, []byte(id))

	return bytes.Join([][]byte{t.head, encode(id), t.afterID, encode(name), t.afterName, encode(email), tail}, nil)
}

// newID is a random UUID, as the server makes them.
func newID() string {
	var id [16]byte

	_, _ = rand.Read(id[:])

	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80

	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// Sessions answers the page's question who is signed in as Open WebUI was
// recorded to, for the account that accountOf finds in a request, and refuses
// those in which it finds none. The account has a picture of that many bytes,
// 0 for the recorded one.
func Sessions(accountOf func(*http.Request) *Account, size int) (http.Handler, error) {
	session, err := ReadResponse("session")
	if err != nil {
		return nil, err
	}

	refused, err := ReadResponse("session-refused")
	if err != nil {
		return nil, err
	}

	if size > 0 {
		drawn := append(bytes.TrimSuffix(encode(picture), []byte(`"`)), bytes.Repeat([]byte("A"), size)...)
		session.Body = bytes.Replace(session.Body, encode(picture), append(drawn, '"'), 1)
	}

	answer, err := newTemplate(session)
	if err != nil {
		return nil, err
	}

	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		account := accountOf(req)
		if account == nil {
			send(rw, refused, refused.Body)
			return
		}

		send(rw, session, answer.fill(account.ID, account.Name, account.Email))
	}), nil
}

// Replay answers every request with a recording.
func Replay(name string) (http.Handler, error) {
	recording, err := ReadResponse(name)
	if err != nil {
		return nil, err
	}

	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		send(rw, recording, recording.Body)
	}), nil
}
