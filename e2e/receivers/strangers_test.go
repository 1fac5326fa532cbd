package receivers

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/doubles"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// messages are the texts in which a name stands: behind others, alone, at a
// line's beginning, and before others.
var messages = []string{greeting, "{name}", "Neu:\n{name}\n{email}", "{name} hat sich registriert", "[{name}] neu", "{name} ({role})", "Neu: {name} <{email}>", "<{name}>", "@{name}"}

// strangers checks one name in every message and for every service. It returns
// what is wrong with it, for each service once.
func strangers(t testing.TB, o *oracle, name string) map[string]string {
	t.Helper()

	faults := map[string]string{}

	fields := fieldsOf(name)
	if fields["name"] == "" {
		fields["name"] = "(unbekannt)" // as an event has it
	}

	for _, service := range doubles.Services() {
		for _, text := range messages {
			if fault := stranger(t, o, service, text, fields); fault != "" {
				faults[service.Name] = fmt.Sprintf("%.200s in %q for %s: %s", strconv.QuoteToASCII(name), text, service.Name, fault)
				break
			}
		}
	}

	return faults
}

// asTyped are the formats that carry a name as it was typed, for programs.
var asTyped = map[string]bool{"json": true, "text": true}

// stranger checks what a service shows of one notice, and what its parser, if
// there is one, reads in it.
func stranger(t testing.TB, o *oracle, service doubles.Service, text string, fields map[string]string) string {
	t.Helper()

	format := service.Formats[0]
	body := encode(t, format, service, text, fields)

	got, err := service.Read(t, headerOf(body), body.Data)
	if err != nil {
		return err.Error()
	}

	want := meant(t, text, fields)
	if asTyped[format] {
		want = message.Render(parse(t, text), fields, func(field string) string { return field })
		if !strings.HasSuffix(got.Text, want) {
			return fmt.Sprintf("got: %q, want: %q", got.Text, want)
		}

		return ""
	}

	if !alike(got.Text, want) {
		return fmt.Sprintf("got: %q, want: %q, of %.200q", same(got.Text), want, body.Data)
	}

	if !got.Harmless() {
		return fmt.Sprintf("got: pings %q, links %q, markup %q of %.200q, want: none", got.Pings, got.Links, got.Marks, body.Data)
	}

	if !utf8.Valid(body.Data) {
		return fmt.Sprintf("got: %.200q, want: UTF-8", body.Data)
	}

	if !o.reads(service.Name) {
		return ""
	}

	return parsed(o, service.Name, body.Data, want)
}

// alike tells whether two texts look the same. White space at a line's end is
// nothing to see.
func alike(got, want string) bool {
	return lineEnds.ReplaceAllString(strings.TrimSpace(same(got)), "\n") == lineEnds.ReplaceAllString(strings.TrimSpace(want), "\n")
}

var lineEnds = regexp.MustCompile(`[ ]*\n`)

// parsed asks the parser of a service.
func parsed(o *oracle, service string, data []byte, want string) string {
	text, err := texts[service](data)
	if err != nil {
		return fmt.Sprintf("%.200q: %v", data, err)
	}

	// `mrkdwn: false` has switched off what it would find beside these.
	harmless := map[string]bool{}
	if service == "slack" {
		harmless = map[string]bool{"Bold": true, "Italic": true, "Strike": true, "Code": true, "PreText": true, "Quote": true}
	}

	got, err := o.read(service, text)
	if err != nil {
		return err.Error()
	}

	for _, found := range got.Found {
		if !harmless[found] {
			return fmt.Sprintf("its parser finds %q in %.200q, want: text alone", found, text)
		}
	}

	if len(got.Found) == 0 && !alike(got.Text, want) {
		return fmt.Sprintf("its parser reads %q, want: %q, of %.200q", same(got.Text), want, text)
	}

	return ""
}

// STRANGERS=100000 makes so many names up; the seed is the same at every run.
func TestStrangers(t *testing.T) {
	count := environ.Number(t, "STRANGERS", 2000)

	o := startOracle(t)
	r := rand.New(rand.NewPCG(15, 0))
	all := append([]string{}, names...)

	for range count {
		all = append(all, random(r))
	}

	bad := map[string]int{}

	for _, name := range all {
		for service, fault := range strangers(t, o, name) {
			if bad[service]++; bad[service] <= 5 {
				t.Error(fault)
			}
		}
	}

	t.Logf("%d names in %d messages for %d services: faults %v", len(all), len(messages), len(doubles.Services()), bad)
}

func FuzzStrangers(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}

	o := startOracle(f)

	f.Fuzz(func(t *testing.T, name string) {
		for _, fault := range strangers(t, o, name) {
			t.Error(fault)
		}
	})
}

// What the administrator writes stands as it is, so it can stand for a name
// that was not made harmless: each check must see it.
func TestFaultsAreSeen(t *testing.T) {
	o := startOracle(t)

	for _, service := range doubles.Services() {
		if asTyped[service.Formats[0]] {
			continue
		}

		seen := 0

		for _, words := range []string{service.Markup.Ping, service.Markup.Link, service.Markup.Mark} {
			if words == doubles.None || words == "" { // the doubles' own tests ask for each
				continue
			}

			seen++

			if fault := stranger(t, o, service, words+" {name}", fieldsOf("Tim")); fault == "" {
				t.Errorf("%s: got: no fault of %q, want: one", service.Name, words)
			}
		}

		if seen == 0 {
			t.Errorf("%s: got: no Markup in its double, want: one kind at least, as people read it", service.Name)
		}

		if fault := stranger(t, o, service, "Neu: {name}", fieldsOf("Tim")); fault != "" {
			t.Errorf("%s: got: %s, want: no fault of Tim", service.Name, fault)
		}
	}
}

// Nobody looks at the body of a format without a double.
func TestEachFormatHasADouble(t *testing.T) {
	for _, format := range formatsOf(t) {
		taken := slices.ContainsFunc(doubles.Services(), func(s doubles.Service) bool { return s.Formats[0] == format })
		if !taken && !asTyped[format] {
			t.Errorf("got: no double whose own format is %s, want: one", format)
		}
	}
}
