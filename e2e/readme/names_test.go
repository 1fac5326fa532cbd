package readme

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/markdown"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/message"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/receiver"
)

// options are the words of the plugin's options, in their order.
func options() []string {
	var out []string

	of := reflect.TypeFor[config.Options]()
	for i := range of.NumField() {
		if word, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); word != "-" {
			out = append(out, word)
		}
	}

	return out
}

// optionTable are the rows of a page's table of options.
func optionTable(t *testing.T, path string) markdown.Table {
	t.Helper()

	tables := section(t, path, "Options").Tables
	if len(tables) != 1 {
		t.Fatalf("%s: got: %d tables of options, want: one", path, len(tables))
	}

	return tables[0][1:]
}

func TestOptions(t *testing.T) {
	for _, path := range both {
		var got []string
		for _, row := range optionTable(t, path) {
			got = append(got, row[0].Spans...)
		}

		if diff := cmp.Diff(options(), got); diff != "" {
			t.Errorf("%s: got: + in the table of options, want: -, the plugin's:\n%s", path, diff)
		}
	}
}

// TestDefaults gives each option the default that a page names, and compares
// with what is made of none.
func TestDefaults(t *testing.T) {
	const target = "https://hooks.example/"

	none, problems := config.Check(&config.Options{}, target)
	if none == nil {
		t.Fatal(problems)
	}

	for _, path := range both {
		given := config.Options{}
		named := []string{}
		fields := reflect.ValueOf(&given).Elem()

		for _, row := range optionTable(t, path) {
			word := row[0].Spans[0]

			value := strings.Join(row[1].Spans, ", ")
			if value != "" {
				named = append(named, word)
			}

			if word == "webhookURL" {
				if value != "WEBHOOK_URL" {
					t.Errorf("%s: got: %q, want: WEBHOOK_URL of the environment", path, value)
				}

				value = target
			}

			field := fields.Field(slices.Index(options(), word))

			switch {
			case value == "":
			case field.Kind() == reflect.Slice:
				field.Set(reflect.ValueOf(strings.Split(value, ", ")))
			default:
				field.SetString(value)
			}
		}

		settings, problems := config.Check(&given, "")
		if settings == nil {
			t.Fatalf("%s: got: the defaults are wrong: %q", path, problems)
		}

		if settings.URL.String() != none.URL.String() {
			t.Errorf("%s: got: %s, want: %s", path, settings.URL, none.URL)
		}

		// All but the addresses of what they hold.
		type same struct {
			Text, Format, ContentType, AnswerContains, StateDir string
			Timeout, RetryFor, LearnFor                         time.Duration
			Events                                              []string
		}

		of := func(s *config.Settings) same {
			text := message.Render(s.Text, map[string]string{"name": "Tim"}, func(text string) string { return text })

			return same{text, s.Format, s.ContentType, s.AnswerContains, s.StateDir, s.Timeout, s.RetryFor, s.LearnFor, s.Events}
		}

		if diff := cmp.Diff(of(none), of(settings)); diff != "" {
			t.Errorf("%s: got: + as a default, want: -, the plugin's:\n%s", path, diff)
		}

		// The defaults that there are, which a page must not leave out.
		want := []string{"webhookURL", "message", "format", "contentType", "timeout", "retryFor", "events", "learnFor"}
		if !slices.Equal(named, want) {
			t.Errorf("%s: got: defaults of %q, want: of %q", path, named, want)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, path := range both {
		s := section(t, path, "Receivers")

		at := slices.IndexFunc(s.Texts, func(text markdown.Text) bool { return len(text.Spans) > 2 && text.Spans[0] == "format" })
		if at < 0 {
			t.Fatalf("%s: got: no list of formats, want: one", path)
		}

		if got, want := s.Texts[at].Spans[1:], receiver.Formats(); !slices.Equal(got, want) {
			t.Errorf("%s: got: %q, want: %q", path, got, want)
		}
	}
}

// TestReceivers has each row's URL recognised, or its format named.
func TestReceivers(t *testing.T) {
	for _, path := range both {
		named := map[string]bool{"text": true, "teams": true} // no URL of theirs is there to recognise

		for _, row := range section(t, path, "Receivers").Tables[0][1:] {
			for _, span := range row[2].Spans {
				if word, ok := strings.CutPrefix(span, "format: "); ok {
					named[word] = true
				}
			}

			for _, address := range row[1].Spans {
				filled := strings.NewReplacer("webhooks/…", "webhooks/1/x", "…", "x", "<token>", "1:x", "<chat>", "1", "<topic>", "x", "<host>", "push.example").Replace(address)

				settings, problems := config.Check(&config.Options{WebhookURL: filled}, "")
				if settings == nil {
					t.Errorf("%s: %s: got: %q, want: a URL of %s", path, address, problems, row[0].Words)
					continue
				}

				word := receiver.Word(receiver.Auto, settings.URL)
				if word == "text" {
					t.Errorf("%s: %s: got: not recognised, want: %s", path, address, row[0].Words)
				}

				named[word] = true
			}
		}

		for _, format := range receiver.Formats() {
			if format != receiver.Auto && !named[format] {
				t.Errorf("%s: got: no row for %s, want: one", path, format)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	want := sorted(openwebui.Events())

	for _, path := range both {
		var got []string

		for _, row := range section(t, path, "Every way in").Tables[0][1:] {
			got = append(got, row[1].Spans...)
		}

		got = slices.Compact(sorted(got))
		if !slices.Equal(got, want) {
			t.Errorf("%s: got: %q in the table of events, want: %q", path, got, want)
		}

		for _, row := range optionTable(t, path) {
			if row[0].Spans[0] == "events" && !slices.Equal(row[2].Spans, openwebui.Events()) {
				t.Errorf("%s: got: %q at the option, want: %q", path, row[2].Spans, openwebui.Events())
			}
		}
	}
}

// TestPlaceholders has a message with all that a page names.
func TestPlaceholders(t *testing.T) {
	for _, path := range both {
		for _, row := range optionTable(t, path) {
			if row[0].Spans[0] != "message" {
				continue
			}

			// The last two say what is none.
			named := row[2].Spans[:len(row[2].Spans)-2]

			_, problems := config.Check(&config.Options{Message: strings.Join(append(slices.Clone(named), "{nobody}"), "")}, "https://hooks.example/")
			if want := "message: {nobody} is no placeholder; there are " + strings.Join(named, ", "); len(problems) != 1 || problems[0] != want {
				t.Errorf("%s: got: %q, want: %q", path, problems, want)
			}
		}
	}
}

// TestMeasured has whatever is measured name how.
func TestMeasured(t *testing.T) {
	found := 0

	// TestTwins has compared the other pages' commands.
	for _, path := range twins {
		for _, s := range page(t, path) {
			for _, text := range s.Texts {
				if !strings.Contains(text.Words, "Measured") {
					continue
				}

				found++

				if !slices.ContainsFunc(text.Spans, isCommand) {
					t.Errorf("%s: %.60s…: got: no command, want: the one that measured it", path, text.Words)
				}
			}
		}

	}

	if found == 0 {
		t.Error("got: nothing that is measured, want: something")
	}

	for _, heading := range []string{"Where it was tried", "Beside Open WebUI's own webhook"} {
		if s := section(t, english, heading); !slices.ContainsFunc(s.Spans, isCommand) {
			t.Errorf("%s: got: no command, want: the one that tried it", s.Heading)
		}
	}
}
