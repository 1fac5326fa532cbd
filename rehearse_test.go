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
	const nowhere = "\x00"
	var fs outbox.FS = makeTrialDisk()
	_ = fs.MkdirAll(nowhere)
	_ = fs.Write(nowhere, nil)
	_ = fs.Rename(nowhere, nowhere)
	_ = fs.SyncDir(nowhere)
	_, _ = fs.Read(nowhere, 1)
	_, _ = fs.List(nowhere, 1)
	_, _ = fs.Folders(nowhere)
	_ = fs.Remove(nowhere)
}

func TestRehearsalLeavesNothing(t *testing.T) {
	before := len(notifiers.byName)
	rehearse()
	if len(notifiers.byName) != before {
		t.Error("the rehearsal's notifiers are known")
	}
	var _ http.Handler = &fakeUpstream{}
}
