package signupwebhook

import (
	"net/http"
	"testing"
)

func TestRehearsalLeavesNothing(t *testing.T) {
	before := len(notifiers.byName)
	rehearse()
	if len(notifiers.byName) != before {
		t.Error("the rehearsal's notifiers are known")
	}
	var _ http.Handler = &fakeUpstream{}
}
