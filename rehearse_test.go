package signupwebhook

import (
	"net/http"
	"sync"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

var trialRehearsal = &sync.Once{}

// rehearsed holds the rehearsal that the first New holds, and one of the tests'
// own disk: whatever test comes first, interpreted, its goroutines find the
// caches filled.
func rehearsed() {
	rehearsal.Do(rehearse)
	trialRehearsal.Do(rehearseTrialDisk)
}

func rehearseTrialDisk() {
	var disk outbox.FS = makeTrialDisk()
	rehearseDisk(disk)
}

func TestRehearsalLeavesNothing(t *testing.T) {
	before := len(notifiers.byName)
	rehearse()
	if len(notifiers.byName) != before {
		t.Error("the rehearsal's notifiers are known")
	}
	var _ http.Handler = &fakeUpstream{}
}
