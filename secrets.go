package signupwebhook

// The files that a try needs, on a disk that may hang.

import (
	"errors"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// readSecrets returns what stands in files, or how a try without it ends. It
// does not wait longer than a second for a disk that hangs.
func readSecrets(n *notifier, used *config.Settings) (*config.Secrets, *delivery.Outcome) {
	if !config.HasFiles(used) {
		return config.Known(used), nil
	}
	return n.readFiles(used)
}

func (n *notifier) readFiles(used *config.Settings) (*config.Secrets, *delivery.Outcome) {
	found := &secretsFound{}
	err := outbox.Await(n.files, func() error { return found.read(used) }, func(_ error) {})
	if errors.Is(err, outbox.ErrSlow) || errors.Is(err, outbox.ErrHanging) {
		err = errors.New("webhookURLFile or secretFile: " + err.Error())
	}
	if err != nil {
		return nil, unreadable(err) // and it may yet write what it found
	}
	return found.secrets, nil
}

// secretsFound is what a read has found, perhaps after nobody waits any more.
type secretsFound struct {
	secrets *config.Secrets
}

func (f *secretsFound) read(used *config.Settings) error {
	secrets, err := config.Read(used)
	f.secrets = secrets
	return err
}

// unreadable is the outcome of a try that lacks a file.
func unreadable(err error) *delivery.Outcome {
	return &delivery.Outcome{
		Verdict: delivery.Later,
		Unsent:  true,
		Place:   "the receiver",
		Reason:  err.Error() + ". Check the file.",
	}
}
