package openwebui

// The event that an exchange makes, and the values that a notice keeps of it.

import (
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

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
	Early           bool   // Answer is its first piece, and goes on
	Long            bool   // it is longer than what is kept of it
}

// Fields are the placeholders of a message.
func Fields() []string {
	return []string{"name", "email", "role", "id", "event", "time"}
}

// Values gives each of some Fields its text.
func Values(e *Event, fields []string) map[string]string {
	values := map[string]string{}
	for _, field := range fields {
		values[field] = valueOf(e, field)
	}
	return values
}

func valueOf(e *Event, field string) string {
	switch field {
	case "name":
		return e.Name
	case "email":
		return e.Email
	case "role":
		return e.Role
	case "id":
		return e.ID
	case "event":
		return e.Type
	case "time":
		return timeOf(e.Time)
	}
	return ""
}

func timeOf(at time.Time) string { return at.UTC().Format(time.RFC3339) }

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

// AccountOf tells which account an exchange made or showed, as it stands in its
// answer; nil if none. Every success with a JSON object made one, also if the
// object was cut off on its way here. It keeps nothing of what was seen.
func AccountOf(endpoint *Endpoint, seen *Exchange) *Account {
	if !isSuccess(endpoint, seen.Status) {
		return nil
	}
	return answered(endpoint, seen)
}

// EventOf is the event of the account that AccountOf has found in an exchange;
// nil where there is none. One that was only seen signed in has an id.
func EventOf(endpoint *Endpoint, seen *Exchange, who *Account, now time.Time) *Event {
	if who == nil {
		return nil
	}
	event := &Event{
		Type:   endpoint.Event,
		ID:     message.Clean(who.ID),
		Name:   message.Clean(who.Name),
		Email:  message.Clean(who.Email),
		Role:   message.Clean(who.Role),
		Time:   now,
		SignUp: endpoint.SignUp,
		Made:   !endpoint.Shows,
	}
	if !event.Made && event.ID == "" {
		return nil
	}
	if event.Name == "" {
		fillFrom(event, accountOf(decode(seen.Request), &endpoint.Account, false))
	}
	return event
}

func isSuccess(endpoint *Endpoint, status int) bool {
	if endpoint.Status != 0 {
		return status == endpoint.Status
	}
	return status >= 200 && status <= 299
}

// fillFrom takes from the request what the answer did not say: with MFA on,
// it says nothing of the account.
func fillFrom(event *Event, asked *Account) {
	event.Name = message.Clean(asked.Name)
	if event.Email == "" {
		// The server stores addresses in lower case.
		event.Email = message.Clean(lower(asked.Email))
	}
	if event.Name == "" {
		event.Name = event.Email
	}
	if event.Name == "" {
		event.Name = message.Unknown
	}
}
