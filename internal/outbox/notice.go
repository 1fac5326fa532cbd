package outbox

// A notice, and its file: what stands in it and in its name.

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// webhookID is what may stand in a file for one; it goes into a header.
var webhookID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// Notice is an event on its way.
type Notice struct {
	ID       string            // the webhook-id, the same at every try
	Fields   map[string]string // the placeholders' values; nil if in the file alone
	Accepted time.Time
	Folder   *Folder // nil if it waits in memory alone
	File     string  // its name in Folder
	Stored   bool    // the file was seen to be there
	Making   int     // the Makings of Folder then
	Done     bool    // delivered, dropped or given up
	Clearing bool    // its file is being taken away, or is gone
	Failure  string  // why it was given up; "" if it was not
}

// record is a notice's file.
type record struct {
	Version  int               `json:"version"`
	ID       string            `json:"id"`
	Accepted time.Time         `json:"accepted"`
	Fields   map[string]string `json:"fields"`
	Reason   string            `json:"reason,omitempty"`
}

// FileName is a new name for a notice's file: they sort by acceptance, and are
// unique among all processes.
func FileName(notice *Notice) string {
	random := make([]byte, 6)
	_, _ = rand.Read(random) // never fails on the systems that Go supports
	return fmt.Sprintf("%020d-%s.json", notice.Accepted.UnixNano(), hex.EncodeToString(random))
}

func parse(data []byte) (*Notice, error) {
	read := &record{}
	err := json.Unmarshal(data, read)
	if err != nil || read.Version != version || !webhookID.MatchString(read.ID) || read.Fields == nil {
		return nil, ErrForeign
	}
	return &Notice{ID: read.ID, Fields: read.Fields, Accepted: read.Accepted}, nil
}

// givenUp ends the name of a file that was in failed/ once, wherever it is.
const givenUp = ".failed.json"

func nameGivenUp(name string) string {
	if strings.HasSuffix(name, givenUp) {
		return name
	}
	return strings.TrimSuffix(name, ".json") + givenUp
}

// MovedBack tells whether a file in new/ is one that was given up: no process
// is about to deliver it, however young it is.
func (f File) MovedBack() bool {
	return strings.HasSuffix(f.Name, givenUp)
}

// FilePath is where the notice's file is.
func FilePath(n *Notice) string {
	return pathIn(n.Folder, boxNew, n.File)
}

// Clear takes a notice that is done out of new/: away if it was delivered, into
// failed/ if it was given up.
func Clear(n *Notice) error {
	if n.Failure == "" {
		return Remove(n.Folder, n.File)
	}
	return fail(n.Folder, n, n.Failure)
}
