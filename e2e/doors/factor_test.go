package doors

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// factor is a person's second factor.
type factor struct {
	key  string
	step int64
}

// enroll sets a second factor up, with which the sign-in is done.
func enroll(t *testing.T, v visitor, challenge string) (person, *factor) {
	t.Helper()

	var setup struct {
		Key string `json:"manual_key"`
	}

	v.fetch(t, http.MethodPost, "/api/v1/auths/mfa/enroll/start", map[string]string{"challenge_token": challenge}, &setup)

	f := &factor{key: setup.Key, step: webui.CodeStep(time.Now())}

	p := v.ask(t, http.MethodPost, "/api/v1/auths/mfa/enroll/confirm", map[string]string{"challenge_token": challenge, "code": f.code(t)})

	return p, f
}

// verify gives the second factor, with which the sign-in is done.
func verify(t *testing.T, v visitor, f *factor, challenge string) person {
	t.Helper()

	return v.ask(t, http.MethodPost, "/api/v1/auths/mfa/verify", map[string]string{"challenge_token": challenge, "code": f.code(t)})
}

// code is one that was not given yet: none works twice, and the next half
// minute's is taken already.
func (f *factor) code(t *testing.T) string {
	t.Helper()

	code, err := webui.OneTimeCode(f.key, f.step)
	if err != nil {
		t.Fatal(err)
	}

	f.step++

	return code
}

// secondFactor is the last of all, because it ends every session.
func (w *world) secondFactor(t *testing.T, second *traefik.Server) {
	first := at(w.first)
	early := w.behind(t, "emil", 1)[0]

	if err := w.app.Configure(t.Context(), map[string]any{"ENABLE_MFA": true, "DEFAULT_USER_ROLE": "user"}); err != nil {
		t.Fatal(err)
	}

	admin, _ := enroll(t, first, first.signIn(t, "admin@example.org").Challenge)
	w.app.UseAdmin(admin.Token)

	// Who signs up is told at once, though the answer has neither id nor name.
	waiting := first.signUp(t, "Mona", "Mona@Example.org")
	if waiting.NextStep != "enroll" {
		t.Fatalf("got: %v, want: to enroll", waiting)
	}

	nameless := person{Name: "Mona", Email: "mona@example.org"}
	w.expect(w.every, told("signup", nameless))
	w.expect(w.seen, told("first-seen", nameless))
	w.compare(t, w.every)
	w.compare(t, w.seen)

	mona, factor := enroll(t, first, waiting.Challenge)
	first.as(mona.Token).load(t)

	if again := verify(t, at(second), factor, at(second).signIn(t, mona.Email).Challenge); again.ID != mona.ID {
		t.Errorf("got: %v, want: %v", again.ID, mona.ID)
	}

	// Who has not been seen is told when the second factor is there.
	for _, p := range []person{first.signIn(t, early.Email), byDirectory(t, w.first, "lena.mfa")} {
		done, factor := enroll(t, first, p.Challenge)
		w.expect(w.every, told("first-seen", done))
		w.expect(w.seen, told("first-seen", done))
		w.compare(t, w.every)
		w.compare(t, w.seen)

		if strings.HasPrefix(done.Email, "emil") {
			verify(t, at(second), factor, at(second).signIn(t, done.Email).Challenge)
		}
	}

	w.drained(t)
	w.first.Kill()

	if err := w.first.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}

	first.as(mona.Token).load(t)

	// Whoever comes last is told last.
	first.signUp(t, "Nora", "nora@example.org")

	last := person{Name: "Nora", Email: "nora@example.org"}
	w.expect(w.every, told("signup", last))
	w.expect(w.seen, told("first-seen", last))
	w.compare(t, w.every)
	w.compare(t, w.seen)
	w.verdict(t)
}
