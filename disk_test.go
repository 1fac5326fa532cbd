package signupwebhook

// What several tests share: folders, and a disk that fails.

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// stateFolder is a new folder, until the test ends: in memory where the system
// has a place for that, since a busy disk may take longer for a file than the
// second that the plugin waits.
func stateFolder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp("/dev/shm", "signupwebhook")
	if err != nil {
		return diskFolder(t)
	}
	removeAfter(t, path)
	return path
}

// diskFolder is one for more files than the memory may have room for.
func diskFolder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp("", "signupwebhook")
	if err != nil {
		t.Fatal(err)
	}
	removeAfter(t, path)
	return path
}

// removeAfter removes a folder when the test ends. A notifier that was stopped
// may be about to finish what it does there, and t.TempDir would not wait for
// that.
func removeAfter(t *testing.T, path string) {
	t.Helper()
	t.Cleanup(func() {
		await(t, "the folder to be removed", func() bool { return os.RemoveAll(path) == nil })
	})
}

// trialDisk is a real disk that fails, hangs or is taken away when a test
// wants it to.
type trialDisk struct {
	disk outbox.FS

	mu     *sync.Mutex
	events []string
	fails  map[string]error         // by operation
	hangs  map[string]chan struct{} // by operation, until it is closed
	dead   bool                     // its process was killed
	hung   int
	most   int // that hung at a time

	stuckAt  string // a part of the paths whose writing hangs, too
	stuckOn  chan struct{}
	stuck    bool        // one does
	renaming *sync.Mutex // held while a file appears, which no kill interrupts
}

func newTrialDisk() *trialDisk {
	rehearsed()
	return makeTrialDisk()
}

func makeTrialDisk() *trialDisk {
	return &trialDisk{
		disk:  outbox.NewDisk(),
		mu:    &sync.Mutex{},
		fails: map[string]error{},
		hangs: map[string]chan struct{}{},

		renaming: &sync.Mutex{},
	}
}

// fail lets an operation fail from now on; with nil it no longer does.
func (d *trialDisk) fail(operation string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails[operation] = err
}

// hang lets an operation hang until the channel is closed.
func (d *trialDisk) hang(operation string) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	release := make(chan struct{})
	d.hangs[operation] = release
	return release
}

// unhang lets later ones of an operation no longer hang.
func (d *trialDisk) unhang(operation string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.hangs, operation)
}

// hangAt lets the writing of files somewhere below a folder of that name hang
// until the channel is closed.
func (d *trialDisk) hangAt(folder string) chan struct{} {
	release := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stuckAt = string(filepath.Separator) + folder + string(filepath.Separator)
	d.stuckOn = release
	return release
}

func (d *trialDisk) isStuck() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	stuck := d.stuck
	return stuck
}

// stick hangs where hangAt wants it.
func (d *trialDisk) stick(path string) {
	d.mu.Lock()
	release := d.stuckOn
	sticks := release != nil && strings.Contains(path, d.stuckAt)
	d.stuck = d.stuck || sticks
	d.mu.Unlock()
	if sticks {
		<-release
	}
}

func (d *trialDisk) kill() {
	d.renaming.Lock()
	defer d.renaming.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
}

func (d *trialDisk) isDead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	dead := d.dead
	return dead
}

func (d *trialDisk) note(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, text)
}

// noted are the events of the given kinds so far.
func (d *trialDisk) noted(kinds string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	chosen := []string{}
	for _, line := range d.events {
		if strings.Contains(kinds, strings.Fields(line)[0]) {
			chosen = append(chosen, line)
		}
	}
	return strings.Join(chosen, ", ")
}

// forget begins a new list of events.
func (d *trialDisk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = nil
}

// awaitNoted waits until an event was noted so many times.
func awaitNoted(t *testing.T, d *trialDisk, text string, count int) {
	t.Helper()
	kind := strings.Fields(text)[0]
	await(t, text, func() bool { return strings.Count(d.noted(kind), text) >= count })
}

func (d *trialDisk) count(more int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hung += more
	if d.hung > d.most {
		d.most = d.hung
	}
}

func (d *trialDisk) mostHung() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	most := d.most
	return most
}

// begin is how each operation begins.
func (d *trialDisk) begin(operation, path string) error {
	release := d.hanging(operation)
	if release != nil {
		d.count(1)
		<-release
		d.count(-1)
	}
	d.note(operation + " " + filepath.Base(filepath.Dir(path)))
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.fails[operation]
	if d.dead {
		err = errors.New("killed")
	}
	return err
}

func (d *trialDisk) hanging(operation string) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	release := d.hangs[operation]
	return release
}

func (d *trialDisk) MkdirAll(path string) error {
	err := d.begin("MkdirAll", path)
	if err != nil {
		return err
	}
	return d.disk.MkdirAll(path)
}

func (d *trialDisk) Write(path string, data []byte) error {
	d.stick(path)
	err := d.begin("Write", path)
	if err != nil {
		_ = d.disk.Write(path, data[:len(data)/2]) // as a full disk leaves it
		return err
	}
	return d.disk.Write(path, data)
}

func (d *trialDisk) Rename(from, to string) error {
	err := d.begin("Rename", to)
	if err != nil {
		return err
	}
	d.renaming.Lock()
	defer d.renaming.Unlock()
	if d.isDead() {
		return errors.New("killed")
	}
	return d.disk.Rename(from, to)
}

func (d *trialDisk) SyncDir(path string) error {
	err := d.begin("SyncDir", filepath.Join(path, "itself"))
	if err != nil {
		return err
	}
	return d.disk.SyncDir(path)
}

func (d *trialDisk) Read(path string, max int64) ([]byte, error) {
	err := d.begin("Read", path)
	if err != nil {
		return nil, err
	}
	return d.disk.Read(path, max)
}

func (d *trialDisk) List(path string, max int) ([]outbox.File, error) {
	err := d.begin("List", filepath.Join(path, "itself"))
	if err != nil {
		return nil, err
	}
	return d.disk.List(path, max)
}

func (d *trialDisk) Folders(path string) ([]string, error) {
	return d.disk.Folders(path)
}

func (d *trialDisk) Remove(path string) error {
	err := d.begin("Remove", path)
	if err != nil {
		return err
	}
	return d.disk.Remove(path)
}

func (d *trialDisk) idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hung == 0
}

// diskError is what the operating system says of a disk.
func diskError(text string) error {
	return &os.PathError{Op: "write", Path: "/some/path", Err: errors.New(text)}
}
