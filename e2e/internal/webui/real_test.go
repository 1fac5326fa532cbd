package webui

import (
	"testing"
	"time"
)

func TestReal(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the real Open WebUI out")
	}

	start := time.Now()
	s := Run(t, Options{})

	t.Logf("ready after %.1f s", time.Since(start).Seconds())

	account, err := s.SignUp(t.Context(), "Tim", "tim@example.org")
	if err != nil {
		t.Fatal(err)
	}

	if account.Name != "Tim" || account.Role != "pending" || account.ID == "" {
		t.Errorf("got: %v (%v), want: Tim (pending)", account.Name, account.Role)
	}

	if err := s.AllowSignUp(t.Context(), false); err != nil {
		t.Fatal(err)
	}

	if _, err := s.SignUp(t.Context(), "Tom", "tom@example.org"); err == nil {
		t.Error("got: an account, want: sign-up is off")
	}

	users, err := s.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	if got := len(users); got != 2 {
		t.Errorf("got: %v accounts, want: 2", got)
	}
}
