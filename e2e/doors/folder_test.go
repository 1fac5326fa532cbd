package doors

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
)

// TestWhatHappensToTheFolder has everything happen to the folder that must
// not announce anybody twice.
func TestWhatHappensToTheFolder(t *testing.T) {
	t.Parallel()

	tests := []struct {
		desc    string
		happens func(t *testing.T, l lodge)
		learn   string // learnFor; "" for nobody
		says    string // of the plugin, when somebody new has come
	}{
		{
			desc:    "the key is lost",
			says:    "learned anew",
			happens: func(t *testing.T, l lodge) { remove(t, filepath.Join(l.folder(), "seen", "key")) },
		},
		{
			desc: "the key is damaged",
			says: "learned anew",
			happens: func(t *testing.T, l lodge) {
				key := filepath.Join(l.folder(), "seen", "key")
				if err := os.WriteFile(key, []byte("{\"key\":\"?\"\x00"), 0o600); err != nil {
					t.Fatal(err)
				}

				// A young one may be in the making.
				old := time.Now().Add(-time.Hour)
				if err := os.Chtimes(key, old, old); err != nil {
					t.Fatal(err)
				}
			},
		},
		{
			desc: "the markers are deleted",
			says: "learned anew",
			happens: func(t *testing.T, l lodge) {
				markers, err := filepath.Glob(filepath.Join(l.folder(), "seen", "??"))
				if err != nil || len(markers) == 0 {
					t.Fatalf("got: %d folders of markers (%v)", len(markers), err)
				}

				for _, dir := range markers {
					remove(t, dir)
				}
			},
		},
		{
			desc: "all that was seen is deleted", says: "learned anew",
			happens: func(t *testing.T, l lodge) { remove(t, filepath.Join(l.folder(), "seen")) },
		},
		{
			desc: "the whole folder is deleted", says: "learned anew",
			happens: func(t *testing.T, l lodge) { remove(t, l.options["stateDir"].(string)) },
		},
	}

	app := house(t, 0)

	var (
		list      []lodge
		receivers []*receiver.Receiver
	)

	for i := range tests {
		r := receiver.Run(t)
		receivers = append(receivers, r)
		list = append(list, open(t, fmt.Sprintf("lodge%d", i), app.URL, r, nil))
	}

	s := traefik.Run(t, traefik.Options{Dynamic: lodges(list...)})
	known := upTo(30)

	for i, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			l, r := list[i], receivers[i]
			l.loads(t, s, known...)
			wantTold(t, r, toldOf(known...)...)
			drained(t, l)

			test.happens(t, l)

			// Somebody whom this process does not know has it look.
			l.loads(t, s, 1000)
			l.wantSaid(t, s, test.says)
			l.loads(t, s, known...)
			l.loads(t, s, upTo(60)...)

			wantTold(t, r, append(toldOf(known...), l.signsUp(t, s, "News"))...)
		})
	}

	for i, l := range list {
		receivers[i].Answer(http.StatusOK)
		drained(t, l)
	}

	before := make([]int, len(list))
	for i, r := range receivers {
		before[i] = len(r.Taken())
	}

	// A process that knows nobody finds what the other has learned.
	s.Kill()

	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	for i, l := range list {
		l.loads(t, s, upTo(60)...)

		last := l.signsUp(t, s, "Last")
		if _, err := receivers[i].Await(t.Context(), before[i]+1); err != nil {
			t.Fatal(err)
		}

		if got := receiver.SortedBodies(receivers[i].Taken()); len(got) != before[i]+1 || !slices.Contains(got, last) {
			t.Errorf("%s: got: %d notices after a restart, want: %d and the last", tests[i].desc, len(got), before[i])
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()

	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}

	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func drained(t *testing.T, l lodge) {
	t.Helper()

	statedir.Drain(t, patience, l.options["stateDir"].(string), l.middleware())
}

// TestAFolderThatCannotBeWritten costs nobody the page; sign-ups are news all
// the same, and when the folder is there, all that it is for is made up for.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()

	app, r := house(t, 0), receiver.Run(t)

	// Not even root can make a folder in a file.
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}

	l := open(t, "blocked", app.URL, r, map[string]any{"stateDir": filepath.Join(blocked, "state")})
	s := traefik.Run(t, traefik.Options{Dynamic: lodges(l)})

	l.loads(t, s, upTo(20)...)
	l.wantSaid(t, s, "cannot be remembered")

	news := l.signsUp(t, s, "News")
	wantTold(t, r, news)

	if lines := saidBy(s, "cannot be remembered"); len(lines) > 3 {
		t.Errorf("got: %d lines for one fault, want: no more than some", len(lines))
	}

	remove(t, blocked)

	l.loads(t, s, upTo(20)...)
	wantTold(t, r, append(toldOf(upTo(20)...), news)...)
}

// TestAFloodOfWrongPasswords leaves no trace.
func TestAFloodOfWrongPasswords(t *testing.T) {
	const flood = 1500

	t.Parallel()

	app, r := house(t, 0), receiver.Run(t)
	l := open(t, "flood", app.URL, r, nil)
	s := traefik.Run(t, traefik.Options{Dynamic: lodges(l), Static: measured})

	l.loads(t, s, 1)
	wantTold(t, r, toldOf(1)...)
	drained(t, l)

	v := visitor{base: s.URL(), host: l.host()}
	wrong := func(count int) {
		inCrowd(count, func(i int) {
			path, in := signInPath, map[string]string{"email": fmt.Sprintf("x%d@example.org", i), "password": strings.Repeat("x", 100)}
			if i%2 == 0 {
				path, in = ldapPath, map[string]string{"user": fmt.Sprintf("x%d", i), "password": "x"}
			}

			if status, text, err := v.try(t.Context(), http.MethodPost, path, in); status != http.StatusBadRequest {
				t.Errorf("got: %d %.100s (%v), want: 400", status, text, err)
			}

			if status, _, err := v.try(t.Context(), http.MethodGet, sessionPath, nil); status != http.StatusUnauthorized {
				t.Errorf("got: %d (%v), want: 401", status, err)
			}
		})
	}

	wrong(flood / 5) // what every process takes up once

	files, memory := tree(t, l.folder()), alive(t, s)

	wrong(flood)

	if got := tree(t, l.folder()); !slices.Equal(got, files) {
		t.Errorf("got: %d files, want: %d as before", len(got), len(files))
	}

	grown := alive(t, s) - memory
	t.Logf("%d wrong passwords: the heap is %d KiB larger", flood, grown)

	if grown > 2<<10 {
		t.Errorf("got: %d KiB more, want: none to speak of", grown)
	}

	wantTold(t, r, append(toldOf(1), l.signsUp(t, s, "Last"))...)
}

// tree are all the files in a folder and below.
func tree(t testing.TB, dir string) []string {
	t.Helper()

	var files []string

	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		files = append(files, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return files
}

// TestStrangeAnswers go on to the client byte for byte, and announce nobody
// who has no id.
func TestStrangeAnswers(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("x", 100_000)
	tests := []struct {
		desc   string
		status int
		media  string
		body   string
		want   string // what is told; "" is nothing
	}{
		{desc: "a page", media: "text/html", body: "<!doctype html>"},
		{desc: "an array", body: `[{"id":"a1","name":"A"}]`},
		{desc: "null", body: `null`},
		{desc: "no JSON", body: `{"id"="a2"}`},
		{desc: "empty", body: ``},
		{desc: "no id", body: `{"name":"A","email":"a@example.org"}`},
		{desc: "null for an id", body: `{"id":null,"name":"A"}`},
		{desc: "an empty id", body: `{"id":"","name":"A"}`},
		{desc: "an object for an id", body: `{"id":{"id":"a3"},"name":"A"}`},
		{desc: "a refusal with an id", status: 403, body: `{"id":"a4","name":"A"}`},
		{desc: "a redirect with an id", status: 307, body: `{"id":"a5","name":"A"}`},
		{desc: "a second factor to give", body: `{"next_step":"verify","challenge_token":"x","expires_in":300}`},
		{desc: "an id that is a path", body: `{"id":"../../a6","name":"A","email":"a@b.c","role":"user"}`, want: "first-seen|../../a6|A|a@b.c"},
		{desc: "no name", body: `{"id":"a7","email":"a@b.c"}`, want: "first-seen|a7|a@b.c|a@b.c"},
		{desc: "a long name", body: `{"id":"a8","name":"` + long + `","email":"a@b.c"}`},
		{desc: "a long tail", body: `{"id":"a9","name":"A","email":"a@b.c","role":"user","x":"` + long + `"}`, want: "first-seen|a9|A|a@b.c"},
	}

	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		var number int

		_, _ = fmt.Sscan(req.URL.Query().Get("number"), &number)

		test := tests[number]

		rw.Header().Set("Content-Type", "application/json")

		if test.media != "" {
			rw.Header().Set("Content-Type", test.media)
		}

		if test.status == http.StatusTemporaryRedirect {
			rw.Header().Set("Location", "/auth")
		}

		rw.WriteHeader(max(test.status, http.StatusOK))
		_, _ = io.WriteString(rw, test.body)
	}))
	defer app.Close()

	r := receiver.Run(t)
	l := open(t, "strange", app.URL, r, nil)
	s := traefik.Run(t, traefik.Options{Dynamic: lodges(l)})

	var want []string

	for i, test := range tests {
		v := visitor{base: s.URL(), host: l.host()}

		for _, ask := range []struct{ method, path string }{
			{http.MethodGet, sessionPath}, {http.MethodPost, signInPath}, {http.MethodPost, ldapPath}, {http.MethodPost, exchangePath},
			{http.MethodPost, "/api/v1/auths/mfa/verify"}, {http.MethodPost, "/api/v1/auths/mfa/enroll/confirm"},
		} {
			// Without a body, for Traefik cuts off one of a thousand long
			// answers to those that have one, without the plugin too.
			status, body, err := v.try(t.Context(), ask.method, fmt.Sprintf("%s?number=%d", ask.path, i), nil)
			if err != nil || status != max(test.status, http.StatusOK) || string(body) != test.body {
				t.Errorf("%s: %s: got: %d %.100q (%v), want: the server's own answer", test.desc, ask.path, status, body, err)
			}
		}

		if test.want != "" {
			want = append(want, test.want)
		}

		if test.desc == "a long name" {
			want = append(want, "first-seen|a8|"+long[:200]+"…|")
		}
	}

	wantTold(t, r, want...)
}
