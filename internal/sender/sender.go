// Package sender makes a request of a notice: it brings together what the
// configuration says, what the receiver takes, and the signature.
package sender

import (
	"net/http"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// Request is what tells of a notice with that webhook-id and these values of
// the placeholders.
func Request(used *config.Settings, secrets *config.Secrets, id string, fields map[string]string, now time.Time) *delivery.Request {
	body := encode(used, secrets.Service, fields)
	header := used.Header.Clone()
	setDefault(header, "Content-Type", body.ContentType)
	setDefault(header, "User-Agent", body.UserAgent)
	delivery.Sign(header, id, now, secrets.Key, body.Data)
	return &delivery.Request{
		Target:  secrets.Target,
		Header:  header,
		Body:    body.Data,
		Timeout: used.Timeout,
		Success: delivery.Success{Contains: used.AnswerContains, Codes: body.Codes, Slow: body.Slow, Refused: body.Refused},
	}
}

func encode(used *config.Settings, to *receiver.Service, fields map[string]string) receiver.Body {
	if used.Body != nil {
		return receiver.Custom(to, used.Body, used.ContentType, used.Text, fields)
	}
	return receiver.Encode(to, used.Text, fields)
}

func setDefault(header http.Header, key, value string) {
	if header.Get(key) == "" {
		header.Set(key, value)
	}
}
