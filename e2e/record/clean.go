package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// cleaner replaces what is secret or differs from run to run. The same id is
// replaced by the same one everywhere.
type cleaner struct {
	ids map[string]string
}

func newCleaner() *cleaner { return &cleaner{ids: map[string]string{}} }

var (
	uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

	// Sessions are JSON Web Tokens.
	session = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

	challenge = regexp.MustCompile(`("challenge_token":)"[^"]*"`)
	recovery  = regexp.MustCompile(`"[0-9a-f]{32}"`)
	seconds   = regexp.MustCompile(`("(?:expires_at|created_at|updated_at|last_active_at)":)\d+`)

	// A session's age, which is less by the seconds that have passed, but not
	// the 0 of a cookie that is taken away.
	cookieAge  = regexp.MustCompile(`(?i)max-age=\d{5,}`)
	cookieDate = regexp.MustCompile(`(?i)expires=[^;]*`)
	moment     = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?`)
)

func (c *cleaner) body(text []byte) []byte {
	text = session.ReplaceAll(text, []byte("recorded-session-token"))
	text = challenge.ReplaceAll(text, []byte(`$1"recorded-challenge-token"`))
	text = recovery.ReplaceAll(text, []byte(`"recorded-recovery-code"`))
	text = seconds.ReplaceAll(text, []byte(`${1}1767225600`))
	text = moment.ReplaceAll(text, []byte("2026-01-01T00:00:00"))

	return uuid.ReplaceAllFunc(text, func(id []byte) []byte {
		fixed, ok := c.ids[string(id)]
		if !ok {
			fixed = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(c.ids)+1)
			c.ids[string(id)] = fixed
		}

		return []byte(fixed)
	})
}

// head is the start line and the header, with the empty line behind it.
func (c *cleaner) head(text []byte, length int) []byte {
	fixed := map[string]string{
		"content-length": fmt.Sprint(length),
		"date":           "Thu, 01 Jan 2026 00:00:00 GMT",
		"last-modified":  "Thu, 01 Jan 2026 00:00:00 GMT",
		"etag":           `"recorded"`,
		"x-process-time": "0",
	}

	var out bytes.Buffer

	for _, line := range strings.Split(string(text), "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		if value, ok := fixed[strings.ToLower(name)]; ok {
			line = name + ": " + value
		}

		if strings.EqualFold(name, "set-cookie") {
			line = cookieDate.ReplaceAllString(line, "expires=Thu, 29 Jan 2026 00:00:00 GMT")
			line = cookieAge.ReplaceAllString(line, "Max-Age=2419200")
		}

		out.Write(c.body([]byte(line)))
		out.WriteString("\r\n")
	}

	out.WriteString("\r\n")

	return out.Bytes()
}

func unpack(encoding string, body []byte) ([]byte, error) {
	var reader io.Reader

	switch encoding {
	case "":
		return body, nil
	case "gzip":
		unzip, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}

		reader = unzip
	case "br":
		reader = brotli.NewReader(bytes.NewReader(body))
	case "zstd":
		decoder, err := zstd.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer decoder.Close()

		reader = decoder
	default:
		return nil, fmt.Errorf("unknown encoding %q", encoding)
	}

	return io.ReadAll(reader)
}

func pack(encoding string, body []byte) ([]byte, error) {
	var (
		out    bytes.Buffer
		writer io.WriteCloser
	)

	switch encoding {
	case "":
		return body, nil
	case "gzip":
		writer = gzip.NewWriter(&out)
	case "br":
		writer = brotli.NewWriter(&out)
	case "zstd":
		encoder, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, err
		}

		writer = encoder
	default:
		return nil, fmt.Errorf("unknown encoding %q", encoding)
	}

	if _, err := writer.Write(body); err != nil {
		return nil, err
	}

	err := writer.Close()

	return out.Bytes(), err
}
