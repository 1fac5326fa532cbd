package config

// What may stand in files, read before each try, so that a rotated secret works
// by itself.

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// maxSecretFile bounds what is read of a webhookURLFile or secretFile.
const maxSecretFile = 64 << 10

// Secrets are what a try needs that may stand in files.
type Secrets struct {
	Target  *url.URL
	Service *receiver.Service // behind Target
	Key     []byte            // for the signature; nil for none
	Text    string            // of the files, to see them change
}

// HasFiles tells whether something has to be read before each try.
func HasFiles(s *Settings) bool {
	return s.URLFile != "" || s.SecretFile != ""
}

// Known are the secrets where nothing stands in files. Nobody may change them.
func Known(s *Settings) *Secrets {
	return s.known
}

// Read returns the secrets of now, which nobody may change, or which file cannot
// be used and why.
func Read(s *Settings) (*Secrets, error) {
	if !HasFiles(s) {
		return s.known, nil
	}
	return readFiles(s)
}

func readFiles(s *Settings) (*Secrets, error) {
	now := &Secrets{Target: s.known.Target, Service: s.known.Service, Key: s.known.Key}
	if s.URLFile != "" {
		text, err := readSecret("webhookURLFile", s.URLFile)
		if err != nil {
			return nil, err
		}
		target, problem := parseURL(text)
		if problem != "" {
			return nil, errors.New("webhookURLFile: " + problem)
		}
		problem = s.lackingIn(target)
		if problem != "" {
			return nil, errors.New("webhookURLFile: " + problem)
		}
		now.Target = target
		now.Service = receiver.Choose(s.Format, target)
		now.Text = text
	}
	if s.SecretFile != "" {
		text, err := readSecret("secretFile", s.SecretFile)
		if err != nil {
			return nil, err
		}
		key, problem := parseSecret(text)
		if problem != "" {
			return nil, errors.New("secretFile: " + problem)
		}
		now.Key = key
		now.Text = now.Text + "\n" + text
	}
	return now, nil
}

// readSecret reads a small file, and takes the white space from its ends and
// the mark from its beginning with which some editors name its encoding.
func readSecret(option, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", option, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSecretFile))
	if err != nil {
		return "", fmt.Errorf("%s: %w", option, err)
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(data), "\uFEFF"))
	if text == "" {
		return "", fmt.Errorf("%s: the file is empty", option)
	}
	return text, nil
}
