package openwebui

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// maxUnpacked bounds what a compressed answer may unfold to.
const maxUnpacked = 1 << 20

// maxLook is how much of a document gjson is given.
const maxLook = 64 << 10

// Event is the account that an exchange made. Its texts are cleaned.
type Event struct {
	Type  string // the word of the option events
	ID    string // Open WebUI's id of the account; empty while MFA is pending
	Name  string // never empty
	Email string
	Role  string
	Time  time.Time
}

// Exchange is what was seen of a request and its answer.
type Exchange struct {
	Status          int
	ContentType     string
	ContentEncoding string
	Answer          []byte // the answer's body, or its beginning
	Request         []byte // the beginning of the request's body; nil if not kept
}

// Fields are the placeholders of a message.
func Fields() []string {
	return []string{"name", "email", "role", "id", "event", "time"}
}

// Values gives each of Fields its text.
func (e *Event) Values() map[string]string {
	return map[string]string{
		"name":  e.Name,
		"email": e.Email,
		"role":  e.Role,
		"id":    e.ID,
		"event": e.Type,
		"time":  timeOf(e.Time),
	}
}

func timeOf(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// DefaultEvent is what a notice tells of that does not say it.
const DefaultEvent = "signup"

// Complete adds to a notice's values what it may lack, since it holds those
// that the message of its time showed, and what it tells of where that is
// another event than DefaultEvent.
func Complete(values map[string]string, accepted time.Time) map[string]string {
	whole := map[string]string{"event": DefaultEvent, "time": timeOf(accepted)}
	for field, value := range values {
		whole[field] = value
	}
	return whole
}

// EventOf tells which account an exchange made; nil if none. Every 2xx with a
// JSON object made one, also if the object was cut off on its way here.
func EventOf(endpoint *Endpoint, seen *Exchange, now time.Time) *Event {
	if seen.Status < 200 || seen.Status > 299 {
		return nil
	}
	answer, readable := unpack(seen.ContentEncoding, seen.Answer)
	if !readable && !strings.Contains(strings.ToLower(seen.ContentType), "json") {
		return nil
	}
	if readable && !isObject(answer) {
		return nil
	}
	made := accountOf(answer, true)

	event := &Event{
		Type:  endpoint.Event,
		ID:    message.Clean(made.id),
		Name:  message.Clean(made.name),
		Email: message.Clean(made.email),
		Role:  message.Clean(made.role),
		Time:  now,
	}
	if event.Name == "" {
		fillFrom(event, accountOf(decode(seen.Request), false))
	}
	return event
}

// fillFrom takes from the request what the answer did not say: with MFA on,
// it says nothing of the account.
func fillFrom(event *Event, asked *account) {
	event.Name = message.Clean(asked.name)
	if event.Email == "" {
		// The server stores addresses in lower case.
		event.Email = message.Clean(strings.ToLower(asked.email))
	}
	if event.Name == "" {
		event.Name = event.Email
	}
	if event.Name == "" {
		event.Name = message.Unknown
	}
}

// unpack undoes a content encoding, or says that it cannot.
func unpack(encoding string, body []byte) ([]byte, bool) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return body, true
	case "gzip", "x-gzip":
		reader, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, false
		}
		// What was cut off gives an error and what came before it.
		plain, _ := io.ReadAll(io.LimitReader(reader, maxUnpacked))
		return plain, true
	}
	return nil, false
}

// isObject tells whether a document is a JSON object, whole or cut off.
func isObject(doc []byte) bool {
	doc = bytes.TrimLeft(doc, " \t\r\n")
	if len(doc) == 0 || doc[0] != '{' {
		return false
	}
	if json.Valid(doc) {
		return true
	}
	var object json.RawMessage
	err := json.NewDecoder(bytes.NewReader(doc)).Decode(&object)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// account is what a JSON object says of an account, as it stands there.
type account struct {
	id, name, email, role string
}

// complete tells whether nothing is left to look for.
func (a *account) complete() bool {
	return a.id != "" && a.name != "" && a.email != "" && a.role != ""
}

// accountOf reads an object's own keys in one pass, since gjson costs more
// for every byte that it passes again. Of equal keys the last counts, as it
// does for Python; early stops as soon as all were seen, for answers, which
// have no equal keys and carry a picture behind them.
func accountOf(doc []byte, early bool) *account {
	found := &account{}
	if len(doc) > maxLook {
		doc = shorten(doc)
	}
	if !json.Valid(doc) {
		doc = mend(doc)
	}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		text := ""
		if value.Type == gjson.String || value.Type == gjson.Number {
			text = value.String()
		}
		switch key.Str {
		case "id":
			found.id = text
		case "name":
			found.name = text
		case "email":
			found.email = text
		case "role":
			found.role = text
		}
		return !early || !found.complete()
	})
	return found
}

// shorten leaves of a large object only what is looked for, and of that the
// beginning: gjson, interpreted, takes milliseconds for each 64 KiB.
func shorten(doc []byte) []byte {
	var values map[string]json.RawMessage
	err := json.Unmarshal(doc, &values)
	if err != nil {
		return doc[:maxLook]
	}
	short := map[string]string{}
	for _, key := range []string{"id", "name", "email", "role"} {
		text := ""
		if json.Unmarshal(values[key], &text) == nil {
			short[key] = text[:least(len(text), maxLook)]
		}
	}
	data, _ := json.Marshal(short) // strings cannot fail
	return data
}

func least(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// mend ends a string that was cut off, because gjson leaves out a value
// without an end. A document cut elsewhere reads the same as before.
func mend(doc []byte) []byte {
	whole := bytes.TrimRight(doc, `\`)
	if (len(doc)-len(whole))%2 == 0 {
		whole = doc // pairs of backslashes are themselves
	} else {
		whole = doc[:len(doc)-1] // an escape without its letter
	}
	mended := make([]byte, 0, len(whole)+2)
	mended = append(mended, whole...)
	return append(mended, '"', '}')
}
