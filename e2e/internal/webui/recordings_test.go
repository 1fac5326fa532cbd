package webui

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRecordings(t *testing.T) {
	dir, err := RecordingsDir()
	if err != nil {
		t.Fatal(err)
	}

	readme, err := os.ReadFile(filepath.Join(dir, "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}

	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}

	if got, want := len(entries), strings.Count(string(readme), "\n| `"); got != want || got == 0 {
		t.Errorf("got: %v files, want: the %v that the README lists", got, want)
	}

	// A JSON Web Token, or a cookie's value, that is not the fixed word.
	secret := regexp.MustCompile(`eyJ[\w-]{10,}|token=[^r"]`)

	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			if !strings.Contains(string(readme), "`"+entry.Name()+"`") {
				t.Error("got: no line in the README")
			}

			text, err := readRecording(entry.Name())
			if err != nil {
				t.Fatal(err)
			}

			if secret.Match(text) {
				t.Error("got: a session, want: a fixed word")
			}

			name, kind, _ := strings.Cut(entry.Name(), ".")

			switch kind {
			case "request":
				_, _, err = ReadRequest(name)
			case "response":
				_, err = ReadResponse(name)
			default:
				t.Errorf("got: %v, want: request or response", kind)
			}

			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStandInAnswersAsRecorded(t *testing.T) {
	app, err := StandIn()
	if err != nil {
		t.Fatal(err)
	}

	tests := []struct {
		desc, request, response string
	}{
		{desc: "a sign-up", request: "signup-unicode", response: "signup-unicode"},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			req, body, err := ReadRequest(test.request)
			if err != nil {
				t.Fatal(err)
			}

			want, err := ReadResponse(test.response)
			if err != nil {
				t.Fatal(err)
			}

			got := post(app, req.URL.Path, body)
			if got.Code != want.Status {
				t.Fatalf("got: %v, want: %v", got.Code, want.Status)
			}

			// All is as recorded but for the id.
			gotBody := bytes.ReplaceAll(got.Body.Bytes(), []byte(idOf(t, got.Body.Bytes())), []byte("ID"))
			wantBody := bytes.ReplaceAll(want.Body, []byte(idOf(t, want.Body)), []byte("ID"))

			if !bytes.Equal(gotBody, wantBody) {
				t.Errorf("got: %s, want: %s", gotBody, wantBody)
			}

			for name := range want.Header {
				if len(got.Header().Values(name)) == 0 && name != "Date" {
					t.Errorf("got: no header %v", name)
				}
			}
		})
	}
}

func TestStandInElsewhere(t *testing.T) {
	app, err := StandIn()
	if err != nil {
		t.Fatal(err)
	}

	first, second := SignUpBody("Tim", "TIM@example.org"), SignUpBody("Tom", "tom@example.org")

	one, two := post(app, "/api/v1/auths/signup\n", first), post(app, "/api/v1/auths/signup", second)
	if idOf(t, one.Body.Bytes()) == idOf(t, two.Body.Bytes()) {
		t.Error("got: the same id twice")
	}

	if want := `"tim@example.org"`; !strings.Contains(one.Body.String(), want) {
		t.Errorf("got: %s, want: %v", one.Body, want)
	}

	if got := post(app, "/api/v1/auths/signup", []byte("{")).Code; got != http.StatusUnprocessableEntity {
		t.Errorf("got: %v, want: 422", got)
	}

	if got := post(app, "/elsewhere", first).Header().Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("got: %v, want: a page", got)
	}
}

func post(app http.Handler, path string, body []byte) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	req.URL.Path = path

	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, req)

	return rec
}

func idOf(t *testing.T, body []byte) string {
	t.Helper()

	var account Account
	if err := json.Unmarshal(body, &account); err != nil || account.ID == "" {
		t.Fatalf("got: %s (%v), want: an account", body, err)
	}

	return account.ID
}
