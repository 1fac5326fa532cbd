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

// maxGlance is how much of an answer is looked at first, where not more than an
// account is wanted from it.
const maxGlance = 4 << 10

// Event is the account that an exchange made or showed. Its texts are cleaned.
type Event struct {
	Type  string // the word of the option events
	ID    string // Open WebUI's id of the account; empty while MFA is pending
	Name  string // never empty
	Email string
	Role  string
	Time  time.Time

	SignUp bool // it was a sign-up
	Made   bool // the request made the account, and did not just show it
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

// EventOf tells which account an exchange made or showed; nil if none. Every
// success with a JSON object made one, also if the object was cut off on its
// way here; one that was only seen signed in has an id.
func EventOf(endpoint *Endpoint, seen *Exchange, now time.Time) *Event {
	if !isSuccess(endpoint, seen.Status) {
		return nil
	}
	answer, readable := unpack(seen.ContentEncoding, seen.Answer)
	if !readable && !strings.Contains(strings.ToLower(seen.ContentType), "json") {
		return nil
	}
	isMade := endpoint.SignUp || endpoint.Event != FirstSeen
	if isMade && readable && !isObject(answer) {
		return nil
	}
	who := glance(answer, &endpoint.Account)
	if who == nil {
		who = read(answer, readable, &endpoint.Account)
	}
	if who == nil {
		return nil
	}
	event := &Event{
		Type:   endpoint.Event,
		ID:     message.Clean(who.id),
		Name:   message.Clean(who.name),
		Email:  message.Clean(who.email),
		Role:   message.Clean(who.role),
		Time:   now,
		SignUp: endpoint.SignUp,
		Made:   isMade,
	}
	if !isMade && event.ID == "" {
		return nil
	}
	if event.Name == "" {
		fillFrom(event, accountOf(decode(seen.Request), &endpoint.Account, false))
	}
	return event
}

// read reads what a glance does not do for; nil for what is no object.
func read(answer []byte, readable bool, paths *Paths) *account {
	if readable && !isObject(answer) {
		return nil
	}
	return accountOf(answer, paths, true)
}

func isSuccess(endpoint *Endpoint, status int) bool {
	if endpoint.Status != 0 {
		return status == endpoint.Status
	}
	return status >= 200 && status <= 299
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

// unpack undoes a content encoding, or says that it cannot. Nearly always there
// is none, since none was asked for.
func unpack(encoding string, body []byte) ([]byte, bool) {
	if encoding == "" {
		return body, true
	}
	return unfold(encoding, body)
}

func unfold(encoding string, body []byte) ([]byte, bool) {
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
	return json.Valid(doc) || isCutOff(doc)
}

func isCutOff(doc []byte) bool {
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

// glance reads the account of an answer that begins as expected: its own keys,
// all four of them, each a string. Every page load asks for that, and gjson,
// interpreted, takes five times as long. For what is otherwise it returns nil.
func glance(doc []byte, paths *Paths) *account {
	found := glanceAt(headOf(doc, maxGlance), paths)
	if found == nil && len(doc) > maxGlance {
		// A status of one's own, of any length, may stand before the id.
		found = glanceAt(headOf(doc, len(doc)-1), paths)
	}
	return found
}

func glanceAt(head []byte, paths *Paths) *account {
	var values map[string]json.RawMessage
	err := json.Unmarshal(head, &values)
	if err != nil {
		return nil
	}
	found := &account{
		id:    stringIn(values[paths.ID]),
		name:  stringIn(values[paths.Name]),
		email: stringIn(values[paths.Email]),
		role:  stringIn(values[paths.Role]),
	}
	if !found.complete() {
		return nil
	}
	return found
}

// headOf is a short object itself, and of a long one what stands before its
// picture, or else before its last key. Outside of a string nothing else than
// a comma and a quote begins the next key; inside of one, a quote has a
// backslash before it.
func headOf(doc []byte, most int) []byte {
	if len(doc) <= most {
		return doc
	}
	end := bytes.LastIndex(doc[:most], []byte(`,"`))
	if end < 0 {
		return nil
	}
	head := make([]byte, 0, most)
	head = append(head, doc[:end]...)
	return append(head, '}')
}

// stringIn is the text of a JSON string, and empty for anything else.
func stringIn(value []byte) string {
	text := ""
	err := json.Unmarshal(value, &text)
	if err != nil {
		return ""
	}
	return text
}

// accountOf reads an object's own keys in one pass, since gjson costs more
// for every byte that it passes again. Of equal keys the last counts, as it
// does for Python; early stops as soon as all were seen, for answers, which
// have no equal keys and carry a picture behind them.
func accountOf(doc []byte, paths *Paths, early bool) *account {
	found := &account{}
	if len(doc) > maxLook {
		doc = shorten(doc, paths)
	}
	if !json.Valid(doc) {
		doc = mend(doc)
	}
	if !isFlat(paths) {
		found.id = firstOf(doc, paths.ID)
		found.name = firstOf(doc, paths.Name)
		found.email = firstOf(doc, paths.Email)
		found.role = firstOf(doc, paths.Role)
		return found
	}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		found.take(paths, key.Str, textOf(value))
		return !early || !found.complete()
	})
	return found
}

// take is told of one key of an object.
func (a *account) take(paths *Paths, key, text string) {
	switch key {
	case paths.ID:
		a.id = text
	case paths.Name:
		a.name = text
	case paths.Email:
		a.email = text
	case paths.Role:
		a.role = text
	}
}

// textOf is a string or a number; what else may stand there says nothing.
func textOf(value gjson.Result) string {
	if value.Type == gjson.String || value.Type == gjson.Number {
		return value.String()
	}
	return ""
}

// isFlat tells whether the paths are an object's own keys.
func isFlat(paths *Paths) bool {
	all := paths.ID + paths.Name + paths.Email + paths.Role
	return !strings.ContainsAny(all, ". ")
}

// firstOf is the text at the first of some paths that has one to show.
func firstOf(doc []byte, paths string) string {
	for _, path := range strings.Fields(paths) {
		text := textOf(gjson.GetBytes(doc, path))
		if message.Clean(text) != "" {
			return text
		}
	}
	return ""
}

// shorten leaves of a large object only what is looked for, and of that the
// beginning: gjson, interpreted, takes milliseconds for each 64 KiB.
func shorten(doc []byte, paths *Paths) []byte {
	var values map[string]json.RawMessage
	err := json.Unmarshal(doc, &values)
	if err != nil {
		return doc[:maxLook]
	}
	short := map[string]interface{}{}
	for _, key := range keysOf(paths) {
		text := ""
		err := json.Unmarshal(values[key], &text)
		if err == nil {
			short[key] = text[:least(len(text), maxLook)]
			continue
		}
		raw := values[key]
		if len(raw) > 0 && len(raw) <= maxLook {
			short[key] = raw
		}
	}
	data, _ := json.Marshal(short) // strings, and what was read, cannot fail
	return data
}

// keysOf lists the object's own keys that some paths begin with.
func keysOf(paths *Paths) []string {
	keys := []string{}
	for _, path := range strings.Fields(paths.ID + " " + paths.Name + " " + paths.Email + " " + paths.Role) {
		key, _, _ := strings.Cut(path, ".")
		keys = append(keys, key)
	}
	return keys
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
