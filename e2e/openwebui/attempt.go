package openwebui

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// SignUp is the path of the sign-up.
const SignUp = webui.SignUpPath

// Way is how a client speaks to Traefik.
type Way string

// The ways, of which HTTP11 is the usual one.
const (
	HTTP10 Way = "HTTP/1.0"
	HTTP11 Way = "HTTP/1.1"
	TLS11  Way = "HTTP/1.1 over TLS"
	H2     Way = "HTTP/2 over TLS"
	H2C    Way = "HTTP/2 in cleartext"
)

// Outcome is what Open WebUI makes of an attempt.
type Outcome int

// An attempt whose outcome is Open may make an account or not: it depends on the
// release, or on what was first.
const (
	Account Outcome = iota
	Refused
	Open
)

// Attempt is one sign-up.
type Attempt struct {
	Desc string
	Want Outcome

	Chain string // the site's middlewares before ours; "" is "plain"
	Place string // Main or Own; "" is Main
	Way   Way    // "" is HTTP11

	// Target is what stands in the request line; "" is the sign-up's path. The
	// prefix that a chain takes off is put before it.
	Target string

	// Body makes the body; nil is what the page sends.
	Body func(name, email string) []byte

	// Headers are lines without their ends, instead of the Content-Type.
	Headers []string

	Chunked bool // the body goes in several chunks, with extensions
	Expect  bool // the client waits for a 100 before its body
	Twice   bool // a second sign-up on the same connection at once, pipelined
	NoLogin bool // the credentials that a chain asks for are left out
	NoID    bool // the plugin is not told the account's id

	Leave *Leave // nil: the client waits for its answer
}

// Leave says when a client hangs up.
type Leave struct {
	Short int           // bytes that it has not sent by then
	After time.Duration // how long after the last byte it leaves
	Reset bool          // it resets the connection instead of closing it
	Half  bool          // it closes its own side first, and all of it later
}

// person is who signs up with an attempt: nobody else has this address.
type person struct {
	name  string
	email string
}

// personOf numbers the attempts of a run, which has a name.
func personOf(run string, number int) person {
	return person{name: fmt.Sprintf("Tim Ünal %d", number), email: fmt.Sprintf("tim%d.%s@example.org", number, run)}
}

// second is the other person of an attempt that is Twice.
func (p person) second() person {
	return person{name: p.name + " b", email: "b" + p.email}
}

func (a Attempt) withDefaults() Attempt {
	if a.Chain == "" {
		a.Chain = "plain"
	}

	if a.Place == "" {
		a.Place = Main
	}

	if a.Way == "" {
		a.Way = HTTP11
	}

	if a.Target == "" {
		a.Target = SignUp
	}

	if strings.HasPrefix(a.Target, "/") {
		a.Target = prefixOf(a.Chain) + a.Target
	}

	if a.Body == nil {
		a.Body = webui.SignUpBody
	}

	if a.Headers == nil {
		a.Headers = []string{"Content-Type: application/json"}
	}

	if login := loginOf(a.Chain); login != "" && !a.NoLogin {
		a.Headers = append([]string{login}, a.Headers...)
	}

	return a
}

func (a Attempt) host() string { return Host(a.Chain, a.Place) }

// String is the attempt's description, with where and how it goes.
func (a Attempt) String() string {
	a = a.withDefaults()

	return fmt.Sprintf("%s, %s, %s, %s", a.Desc, a.Chain, a.Place, a.Way)
}

// head is the request's head for a body of that length, and its end.
func (a Attempt) head(length int, last bool) string {
	var out strings.Builder

	version := HTTP11
	if a.Way == HTTP10 {
		version = HTTP10
	}

	fmt.Fprintf(&out, "POST %s %s\r\nHost: %s\r\n", strings.ReplaceAll(a.Target, "{host}", a.host()), version, a.host())

	for _, header := range a.Headers {
		out.WriteString(header + "\r\n")
	}

	if a.Chunked {
		out.WriteString("Transfer-Encoding: chunked\r\n")
	} else {
		fmt.Fprintf(&out, "Content-Length: %d\r\n", length)
	}

	if a.Expect {
		out.WriteString("Expect: 100-continue\r\n")
	}

	if last {
		out.WriteString("Connection: close\r\n")
	}

	return out.String() + "\r\n"
}

// framed is the body as it goes over the wire.
func (a Attempt) framed(body []byte) []byte {
	if !a.Chunked {
		return body
	}

	var out bytes.Buffer

	third := len(body)/3 + 1
	for len(body) > 0 {
		n := min(third, len(body))
		fmt.Fprintf(&out, "%x;name=\"{}\"\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}

	out.WriteString("0\r\nX-Trailer: x\r\n\r\n")

	return out.Bytes()
}

// encoded is the page's body in another encoding.
func encoded(encode func(text string) []byte) func(name, email string) []byte {
	return func(name, email string) []byte { return encode(string(webui.SignUpBody(name, email))) }
}

func utf8BOM(text string) []byte { return append([]byte("\xef\xbb\xbf"), text...) }

func inUTF16(order binary.AppendByteOrder, mark bool) func(text string) []byte {
	return func(text string) []byte {
		var out []byte
		if mark {
			out = order.AppendUint16(out, 0xfeff)
		}

		for _, unit := range utf16.Encode([]rune(text)) {
			out = order.AppendUint16(out, unit)
		}

		return out
	}
}

func inUTF32(order binary.AppendByteOrder, mark bool) func(text string) []byte {
	return func(text string) []byte {
		var out []byte
		if mark {
			out = order.AppendUint32(out, 0xfeff)
		}

		for _, char := range text {
			out = order.AppendUint32(out, uint32(char))
		}

		return out
	}
}

func gzipped(text string) []byte {
	var out bytes.Buffer

	writer := gzip.NewWriter(&out)
	_, _ = writer.Write([]byte(text))
	_ = writer.Close()

	return out.Bytes()
}

// doubled has every key twice; Python takes the last.
func doubled(name, email string) []byte {
	return fmt.Appendf(nil, `{"name":"Nobody","email":"nobody@example.org","name":%q,"password":"x","email":%q,"password":%q}`, name, email, webui.Password)
}

// long has its name behind a picture of that many bytes.
func long(size int) func(name, email string) []byte {
	return func(name, email string) []byte {
		return fmt.Appendf(nil, `{"profile_image_url":"data:image/png;base64,%s","name":%q,"email":%q,"password":%q}`,
			strings.Repeat("A", size), name, email, webui.Password)
	}
}

// escaped writes the keys and the name as escapes.
func escaped(name, email string) []byte {
	var text strings.Builder
	for _, unit := range utf16.Encode([]rune(name)) {
		fmt.Fprintf(&text, `\u%04x`, unit)
	}

	return fmt.Appendf(nil, ` { "\u006eame" : "%s" ,%s"email":%q,"password":%q}`, text.String(), "\n\t", email, webui.Password)
}
