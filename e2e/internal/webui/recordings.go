package webui

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// RecordingsDir is where the recordings are.
func RecordingsDir() (string, error) {
	root, err := tools.Root()
	if err != nil {
		return "", err
	}

	return filepath.Join(root, "testdata", "openwebui-"+tools.OpenWebUIVersion), nil
}

// Recording is an answer as it was sent, its body still encoded.
type Recording struct {
	Status int
	Header http.Header
	Body   []byte
}

// ReadResponse reads the recorded answer NAME.response.
func ReadResponse(name string) (Recording, error) {
	text, err := readRecording(name + ".response")
	if err != nil {
		return Recording{}, err
	}

	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(text)), nil)
	if err != nil {
		return Recording{}, fmt.Errorf("recording %s: %w", name, err)
	}

	body, err := io.ReadAll(res.Body)
	if err != nil {
		return Recording{}, fmt.Errorf("recording %s: %w", name, err)
	}

	return Recording{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

// ReadRequest reads the recorded request NAME.request and its body.
func ReadRequest(name string) (*http.Request, []byte, error) {
	text, err := readRecording(name + ".request")
	if err != nil {
		return nil, nil, err
	}

	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return nil, nil, fmt.Errorf("recording %s: %w", name, err)
	}

	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("recording %s: %w", name, err)
	}

	return req, body, nil
}

func readRecording(file string) ([]byte, error) {
	dir, err := RecordingsDir()
	if err != nil {
		return nil, err
	}

	return os.ReadFile(filepath.Join(dir, file))
}
