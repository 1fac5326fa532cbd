package signupwebhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// nowhere is where nobody listens.
const nowhere = "http://127.0.0.1:1/secret"

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

// diskError is what the operating system says of a disk.
func diskError(text string) error {
	return &os.PathError{Op: "write", Path: "/some/path", Err: errors.New(text)}
}

// spoolSettings are those of a middleware with a stateDir.
func spoolSettings(t *testing.T, dir, address string) *config.Settings {
	t.Helper()
	options := CreateConfig()
	options.WebhookURL = address
	options.StateDir = dir
	s, problems := config.Check(options, "")
	if s == nil {
		t.Fatal(problems)
	}
	return s
}

// startSpool starts a notifier as a process does, and waits until it has
// looked what waits.
func startSpool(t *testing.T, name, dir, address string, disk *trialDisk) (*notifier, *journal) {
	t.Helper()
	n, lines := makeSpool(t, name, dir, address, disk)
	awaitScan(t, n)
	return n, lines
}

func makeSpool(t *testing.T, name, dir, address string, disk *trialDisk) (*notifier, *journal) {
	t.Helper()
	var fs outbox.FS = disk
	n := newNotifier(name, delivery.NewClient(nil), fs)
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	n.note = silence
	n.forget = func(_ string) {}
	n.join(spoolSettings(t, dir, address))
	t.Cleanup(func() { stop(n) })
	return n, lines
}

// stop ends a notifier as a kill does: it sends nothing more.
func stop(n *notifier) {
	n.mu.Lock()
	n.instances = 0
	n.mu.Unlock()
	n.close()
}

// awaitScan waits until no scan goes on, and none is about to.
func awaitScan(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "a look through the outbox", func() bool { return hasScanned(n) })
}

func hasScanned(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.spool.scans > 0 && n.spool.scanning == nil && !n.spool.takeAll && !n.spool.reviving
}

// rescan stands for the minute that passes until the next scan.
func rescan(t *testing.T, n *notifier) {
	t.Helper()
	awaitScan(t, n)
	n.scan()
}

// boxOf lists what is in a box of a notifier's folder; nothing where it is not
// there.
func boxOf(n *notifier, box string) []string {
	entries, _ := os.ReadDir(filepath.Join(n.folderPath(), box))
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// awaitBox waits until so many files are in a box.
func awaitBox(t *testing.T, n *notifier, box string, count int) {
	t.Helper()
	await(t, fmt.Sprintf("%d files in %s", count, box), func() bool { return len(boxOf(n, box)) == count })
}

// others is the outbox as another process sees it.
func others(n *notifier) *outbox.Folder {
	dir := filepath.Dir(n.folderPath())
	return outbox.NewFolder(dir, n.name, outbox.NewDisk())
}

// leave writes a notice as another process does, and returns its path.
func leave(t *testing.T, folder *outbox.Folder, name string, accepted time.Time) string {
	t.Helper()
	notice := &outbox.Notice{ID: "msg_" + strings.ReplaceAll(name, " ", "-"), Fields: map[string]string{"name": name}, Accepted: accepted}
	file := outbox.FileName(notice)
	err := folder.Write(file, notice)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder.Path(), "new", file)
}

func touch(t *testing.T, path string, modified time.Time) {
	t.Helper()
	err := os.Chtimes(path, modified, modified)
	if err != nil {
		t.Fatal(err)
	}
}

func greeting(name string) string {
	return "Neuer Benutzer registriert: " + name
}

// awaitBody wants that notice to be the next.
func awaitBody(t *testing.T, receiver *webhook, name string) notice {
	t.Helper()
	got := receiver.await(t)
	if got.body != greeting(name) {
		t.Errorf("got: %q, want: %q", got.body, greeting(name))
	}
	return got
}

// notedWriter tells a disk's journal when the client's answer is released.
type notedWriter struct {
	disk   *trialDisk
	header http.Header
}

func (w *notedWriter) Header() http.Header { return w.header }

func (w *notedWriter) WriteHeader(_ int) {
	w.disk.note("answer")
}

func (w *notedWriter) Write(p []byte) (int, error) {
	w.disk.note("answer")
	size := len(p)
	return size, nil
}

// confiding is an upstream that answers with what must not be kept.
func confiding(rw http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	rw.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(rw, `{"id":"id-7","name":"Tim","role":"pending","email":"tim@example.org","token":"jwt-token","profile_image_url":"data:picture"}`)
}

func TestStoredBeforeTheAnswer(t *testing.T) {
	disk := newTrialDisk()
	dir := filepath.Join(t.TempDir(), "state")
	n, _ := startSpool(t, "Notify@file", dir, nowhere, disk)
	var next http.Handler = http.HandlerFunc(confiding)
	m := &middleware{next: next, name: n.name, watched: openwebui.Watched([]string{"signup"}), notifier: n}
	for _, round := range []string{"the first", "the second"} {
		disk.forget()
		var rw http.ResponseWriter = &notedWriter{disk: disk, header: http.Header{}}
		body := `{"name":"Tim","email":"tim@example.org","password":"pass-word","profile_image_url":"data:picture"}`
		m.ServeHTTP(rw, httptest.NewRequest("POST", "/api/v1/auths/signup", strings.NewReader(body)))
		got := disk.noted("Write Rename SyncDir answer")
		want := "Write tmp, Rename new, SyncDir new, answer"
		if !strings.Contains(got, want) || strings.Index(got, "answer") < strings.Index(got, want) {
			t.Errorf("%s: got: %s, want: %s", round, got, want)
		}
	}
	files := boxOf(n, "new")
	if len(files) != 2 {
		t.Fatalf("got: %v, want: two files", files)
	}
	for _, file := range files {
		checkStored(t, filepath.Join(n.folderPath(), "new", file))
	}
}

// checkStored looks at what a file holds, and who may read it.
func checkStored(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"token", "pass-word", "127.0.0.1", "secret", "http", "picture", "example.org", "id-7", "pending"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("got: %s, want: no %s in it", data, secret)
		}
	}
	read := map[string]interface{}{}
	err = json.Unmarshal(data, &read)
	if err != nil || fmt.Sprint(read["fields"]) != "map[name:Tim]" || !strings.HasPrefix(fmt.Sprint(read["id"]), "msg_") {
		t.Errorf("got: %s (%v), want: the name, which the message uses, and an id", data, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got: %v, want: a file for its owner alone", info)
	}
	for dir := filepath.Dir(path); filepath.Base(dir) != "001"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode() != os.ModeDir|0o700 {
			t.Errorf("%s: got: %v, want: a folder for its owner alone", dir, info)
		}
	}
}

// hangingTrial is a notifier on a disk on which one operation hangs for ever.
type hangingTrial struct {
	operation string
	disk      *trialDisk
	release   chan struct{}
	receiver  *webhook
	notifier  *notifier
	lines     *journal
	took      time.Duration
}

func newHangingTrial(t *testing.T, operation string) *hangingTrial {
	h := &hangingTrial{operation: operation, disk: newTrialDisk(), receiver: newWebhook(t)}
	dir := filepath.Join(t.TempDir(), "state")
	n, lines := startSpool(t, operation, dir, h.receiver.url, h.disk)
	h.notifier = n
	h.lines = lines
	if operation != "MkdirAll" { // which is needed only once
		n.accept(event("Tom"))
		awaitBody(t, h.receiver, "Tom")
		awaitIdle(t, n)
		awaitBox(t, n, "new", 0)
	}
	release := h.disk.hang(operation)
	h.release = release
	return h
}

func (h *hangingTrial) start(done *sync.WaitGroup) {
	done.Add(1)
	go h.run(done)
	if h.operation == "List" {
		go h.notifier.scan() // nothing else lists
	}
}

func (h *hangingTrial) run(done *sync.WaitGroup) {
	defer done.Done()
	before := time.Now()
	h.notifier.accept(event("Tim"))
	took := time.Since(before)
	h.took = took
}

func TestDiskHangs(t *testing.T) {
	trials := []*hangingTrial{}
	done := &sync.WaitGroup{}
	for _, operation := range []string{"MkdirAll", "Write", "Rename", "SyncDir", "Read", "List", "Remove"} {
		trials = append(trials, newHangingTrial(t, operation))
	}
	for _, h := range trials {
		h.start(done) // all at once, to save time
	}
	done.Wait()
	for _, h := range trials {
		checkHanging(t, h)
	}
	for _, h := range trials {
		h.disk.forget()
		close(h.release)
	}
	for _, h := range trials {
		last := "Remove new" // takes away what was written too late
		if h.operation == "Read" || h.operation == "List" {
			last = h.operation + " new"
		}
		awaitNoted(t, h.disk, last, 1)
		awaitIdle(t, h.notifier)
		rescan(t, h.notifier)
		awaitBox(t, h.notifier, "tmp", 0)
		awaitBox(t, h.notifier, "new", 0) // a write that ended late is taken away
		if len(h.receiver.got) > 0 {
			t.Errorf("%s: got: %v, want: nothing twice", h.operation, <-h.receiver.got)
		}
	}
}

func checkHanging(t *testing.T, h *hangingTrial) {
	t.Helper()
	if h.took > 4*time.Second {
		t.Errorf("%s: the client waited for %s, want: about a second", h.operation, h.took.String())
	}
	awaitBody(t, h.receiver, "Tim")
	said := h.lines.text()
	storing := h.operation != "Read" && h.operation != "List" && h.operation != "Remove"
	if storing {
		id := delivery.WebhookID(h.notifier.name, "id-Tim")
		wants := []string{"notice " + id + " could not be stored", h.notifier.folderPath(), "does not answer within a second"}
		for _, want := range wants {
			if !strings.Contains(said, want) {
				t.Errorf("%s: got: %q, want in it: %q", h.operation, said, want)
			}
		}
	} else if strings.Contains(said, "could not be stored") {
		t.Errorf("%s: got: %q, want: it to be stored", h.operation, said)
	}
	if h.operation == "Remove" {
		awaitLine(t, h.lines, "its file stays")
	}
	if strings.Contains(said, "secret") {
		t.Errorf("%s: got: %q, want: no secret", h.operation, said)
	}
}

// burst is many sign-ups at a time.
type burst struct {
	notifier *notifier
	done     *sync.WaitGroup
}

func (b *burst) start(name string) {
	b.done.Add(1)
	go b.accept(name)
}

func (b *burst) accept(name string) {
	defer b.done.Done()
	b.notifier.accept(event(name))
}

func TestHangingIsBounded(t *testing.T) {
	disk := newTrialDisk()
	receiver := newWebhook(t)
	n, lines := startSpool(t, t.Name(), t.TempDir(), receiver.url, disk)
	n.accept(event("Tom"))
	awaitBody(t, receiver, "Tom")
	awaitIdle(t, n)
	release := disk.hang("Write")
	b := &burst{notifier: n, done: &sync.WaitGroup{}}
	const signUps = 200
	for i := 0; i < signUps; i++ {
		b.start(fmt.Sprint(i))
	}
	b.done.Wait()
	arrived := map[string]bool{}
	for i := 0; i < signUps; i++ {
		got := receiver.await(t)
		arrived[got.body] = true
	}
	awaitIdle(t, n)
	if len(arrived) != signUps || disk.mostHung() != 64 {
		t.Errorf("got: %d delivered and %d hanging, want: %d and 64", len(arrived), disk.mostHung(), signUps)
	}
	said := lines.text()
	if strings.Count(said, "could not be stored") != 3 || !strings.Contains(said, "(100 such faults so far)") {
		t.Errorf("got: %q, want: three lines that count", said)
	}
	await(t, "nothing kept of what is delivered", func() bool { return knownTo(n) == 0 })
	disk.forget()
	close(release)
	awaitNoted(t, disk, "Remove new", 64) // all that was written too late
	awaitBox(t, n, "new", 0)
	awaitBox(t, n, "tmp", 0)
	if len(receiver.got) > 0 || unstored(n) != 0 {
		t.Errorf("got: %d doubles and %d unstored, want: none", len(receiver.got), unstored(n))
	}
}

func (d *trialDisk) idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hung == 0
}

func knownTo(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := len(n.spool.known)
	return count
}

func unstored(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := n.spool.unstored
	return count
}

// A crowd of sign-ups on a disk that works is no fault of the disk.
func TestManyAtOnceAreStored(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	n.accept(event("first"))
	b := &burst{notifier: n, done: &sync.WaitGroup{}}
	for i := 0; i < 200; i++ {
		b.start(fmt.Sprint(i))
	}
	b.done.Wait()
	if len(boxOf(n, "new")) != 201 || strings.Contains(lines.text(), "could not be stored") {
		t.Errorf("got: %d files and %q, want: all stored", len(boxOf(n, "new")), lines.text())
	}
}

func TestDiskFails(t *testing.T) {
	tests := []struct {
		operation string
		said      string
	}{
		{operation: "MkdirAll", said: "could not be stored"},
		{operation: "Write", said: "could not be stored"},
		{operation: "Rename", said: "could not be stored"},
		{operation: "SyncDir", said: "could not be stored"},
		{operation: "Read"}, // it is in memory, too
		{operation: "List", said: "what waits cannot be read"},
		{operation: "Remove", said: "its file stays"},
	}
	for _, test := range tests {
		for _, fault := range []string{"no space left on device", "input/output error"} {
			checkFailing(t, test.operation, fault, test.said)
		}
	}
}

func checkFailing(t *testing.T, operation, fault, want string) {
	t.Helper()
	desc := operation + ": " + fault
	disk := newTrialDisk()
	receiver := newWebhook(t, 503)
	dir := filepath.Join(t.TempDir(), "state")
	n, lines := startSpool(t, t.Name(), dir, receiver.url, disk)
	if operation == "MkdirAll" { // which is needed only once
		disk.fail(operation, diskError(fault))
	}
	n.accept(event("before"))
	awaitBody(t, receiver, "before")
	disk.fail(operation, diskError(fault))
	n.accept(event("during"))
	rescan(t, n)
	hurry(n)
	awaitBody(t, receiver, "before")
	awaitBody(t, receiver, "during")
	awaitIdle(t, n)
	if want != "" {
		awaitLine(t, lines, want)
		said := lines.text()
		if !strings.Contains(said, n.folderPath()) || !strings.Contains(said, fault) {
			t.Errorf("%s: got: %q, want: what and where", desc, said)
		}
	}
	if want != "could not be stored" && strings.Contains(lines.text(), "could not be stored") {
		t.Errorf("%s: got: %q, want: it to be stored", desc, lines.text())
	}
	disk.fail(operation, nil)
	n.accept(event("after"))
	awaitBody(t, receiver, "after")
	awaitIdle(t, n)
	rescan(t, n)
	awaitBox(t, n, "new", 0)
	awaitBox(t, n, "tmp", 0)
	if len(receiver.got) > 0 || unstored(n) != 0 || knownTo(n) != 0 {
		t.Errorf("%s: got: %d doubles, %d unstored and %d known, want: none", desc, len(receiver.got), unstored(n), knownTo(n))
	}
}

// A fault is news again when the disk has worked meanwhile: each notice that
// only a line tells of must have one.
func TestFaultsAreNewsAgain(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	for i := 0; i < 3; i++ {
		disk.fail("Write", diskError("no space left on device"))
		n.accept(event("lost"))
		n.accept(event("lost too"))
		disk.fail("Write", nil)
		n.accept(event("kept"))
	}
	if strings.Count(lines.text(), "could not be stored") != 3 {
		t.Errorf("got: %q, want: three lines", lines.text())
	}
}

func TestAFolderThatCannotBeSyncedIsNamedOnce(t *testing.T) {
	disk := newTrialDisk()
	disk.fail("SyncDir", errors.ErrUnsupported)
	n, lines := startSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	n.accept(event("a"))
	n.accept(event("b"))
	if strings.Count(lines.text(), "cannot sync a folder") != 1 || len(boxOf(n, "new")) != 2 || unstored(n) != 0 {
		t.Errorf("got: %q and %v, want: both stored, and one line", lines.text(), boxOf(n, "new"))
	}
}

// Where nothing can be removed, files are not added for ever.
func TestAFolderThatOnlyGrows(t *testing.T) {
	disk := newTrialDisk()
	disk.fail("Remove", diskError("operation not permitted"))
	receiver := newWebhook(t)
	n, lines := startSpool(t, t.Name(), t.TempDir(), receiver.url, disk)
	n.mu.Lock()
	for i := 0; i < maxKnown; i++ {
		n.spool.known[fmt.Sprint(i)] = &outbox.Notice{}
	}
	n.mu.Unlock()
	n.accept(event("Tim"))
	awaitBody(t, receiver, "Tim")
	awaitIdle(t, n)
	if !strings.Contains(lines.text(), "too many files") || len(boxOf(n, "new")) != 0 || knownTo(n) != maxKnown || unstored(n) != 0 {
		t.Errorf("got: %q and %v, want: it delivered from memory, and a line", lines.text(), boxOf(n, "new"))
	}
}

func TestTakesOverAtStart(t *testing.T) {
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	now := time.Now()
	for _, age := range []int{3, 5, 1, 4, 2} {
		leave(t, folder, fmt.Sprint(age), now.Add(-time.Duration(age)*time.Second))
	}
	strange := map[string]string{
		"empty.json":                      "",
		"foreign.json":                    "Dear diary",
		"00000000000000000000-a.json":     `{"version":1,"id":"msg_x","fie`,
		"00000000000000000001-later.json": `{"version":2,"id":"msg_x","fields":{"name":"x"}}`,
		"99999999999999999999-huge.json":  `{"version":1,"id":"msg_x","fields":{"name":"` + strings.Repeat("x", 2<<20) + `"}}`,
	}
	box := filepath.Join(folder.Path(), "new")
	for name, text := range strange {
		write(t, filepath.Join(box, name), text)
	}
	write(t, filepath.Join(box, "README.txt"), "not even JSON")
	err := os.Mkdir(filepath.Join(box, "folder.json"), 0o700)
	if err != nil {
		t.Fatal(err)
	}

	receiver := newWebhook(t)
	n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	for _, want := range []string{"5", "4", "3", "2", "1"} {
		got := awaitBody(t, receiver, want)
		if got.header.Get("Webhook-Id") != "msg_"+strings.ReplaceAll(want, " ", "-") {
			t.Errorf("got: %s, want: msg_%s", got.header.Get("Webhook-Id"), want)
		}
	}
	awaitIdle(t, n)
	rescan(t, n)
	rescan(t, n)
	awaitIdle(t, n)
	for name := range strange {
		if strings.Count(lines.text(), filepath.Join(box, name)) != 1 {
			t.Errorf("%s: got: %q, want: one line", name, lines.text())
		}
	}
	if strings.Count(lines.text(), "\n") != len(strange)-1 || len(receiver.got) > 0 {
		t.Errorf("got: %q, want: nothing but these", lines.text())
	}
	if len(boxOf(n, "new")) != len(strange)+2 {
		t.Errorf("got: %v, want: what is strange left alone", boxOf(n, "new"))
	}
}

// A notice may have been stored for another message.
func TestTakesOverForAnotherMessage(t *testing.T) {
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	accepted := time.Now().Add(-time.Second)
	leave(t, folder, "Tim", accepted)
	failing := newWebhook(t, 503, 503, 503, 503)
	n, _ := startSpool(t, t.Name(), dir, failing.url, newTrialDisk())
	failing.await(t)
	receiver := newWebhook(t)
	options := CreateConfig()
	options.WebhookURL = receiver.url
	options.StateDir = dir
	options.Message = "Neuer Benutzer registriert: {name} {event} {time}"
	s, problems := config.Check(options, "")
	if s == nil {
		t.Fatal(problems)
	}
	n.join(s)
	awaitBody(t, receiver, "Tim signup "+accepted.UTC().Format(time.RFC3339))
	awaitIdle(t, n)
}

// They sort as their files do, however close to each other they were accepted.
func TestTakesOverInTheOrderOfTheFiles(t *testing.T) {
	const count = 200
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	begin := time.Now().Add(-time.Second)
	for i := 0; i < count; i++ {
		leave(t, folder, fmt.Sprint(i), begin.Add(time.Duration(i)))
	}
	receiver := newWebhook(t)
	startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	for i := 0; i < count; i++ {
		awaitBody(t, receiver, fmt.Sprint(i))
	}
}

func TestTakesOverEachMinute(t *testing.T) {
	now := time.Now()
	tests := []struct {
		desc     string
		accepted time.Time
		modified time.Time
		ending   string // of the name; .json if not set
		taken    bool
	}{
		{desc: "moved back from failed", accepted: now, modified: now, ending: ".failed.json", taken: true},
		{desc: "new", accepted: now, modified: now},
		{desc: "four minutes old", accepted: now.Add(-4 * time.Minute), modified: now.Add(-4 * time.Minute)},
		{desc: "six minutes old", accepted: now.Add(-6 * time.Minute), modified: now.Add(-6 * time.Minute), taken: true},
		{desc: "written six minutes ago", accepted: now, modified: now.Add(-6 * time.Minute), taken: true},
		{desc: "copied from failed", accepted: now.Add(-72 * time.Hour), modified: now, taken: true},
		{desc: "of tomorrow", accepted: now.Add(24 * time.Hour), modified: now.Add(24 * time.Hour), taken: true},
		{desc: "of 1970", accepted: time.Unix(5, 0), modified: time.Unix(5, 0), taken: true},
	}
	receiver := newWebhook(t)
	n, _ := startSpool(t, t.Name(), t.TempDir(), receiver.url, newTrialDisk())
	for _, test := range tests {
		path := leave(t, others(n), test.desc, test.accepted)
		if test.ending != "" {
			other := strings.TrimSuffix(path, ".json") + test.ending
			err := os.Rename(path, other)
			if err != nil {
				t.Fatal(err)
			}
			path = other
		}
		touch(t, path, test.modified)
		rescan(t, n)
		if test.taken {
			awaitBody(t, receiver, test.desc)
			await(t, test.desc+" to be removed", func() bool { return isGone(path) })
			continue
		}
		if isGone(path) || waiting(n) != 0 {
			t.Errorf("%s: got: it taken over, want: it left to its process", test.desc)
		}
	}
}

func waiting(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := n.schedule.Len()
	return count
}

func isGone(path string) bool {
	_, err := os.Stat(path)
	return os.IsNotExist(err)
}

func TestWhatAnotherDeliveredIsDropped(t *testing.T) {
	receiver := newWebhook(t, 503)
	n, _ := startSpool(t, t.Name(), t.TempDir(), receiver.url, newTrialDisk())
	n.accept(event("first"))
	awaitBody(t, receiver, "first")
	n.accept(event("second"))
	n.accept(event("third"))
	files := boxOf(n, "new")
	if len(files) != 3 {
		t.Fatalf("got: %v, want: 3 files", files)
	}
	for _, file := range files[:2] {
		err := others(n).Remove(file)
		if err != nil {
			t.Fatal(err)
		}
	}
	hurry(n)
	awaitBody(t, receiver, "third")
	awaitIdle(t, n)
	if len(receiver.got) > 0 || knownTo(n) != 0 {
		t.Errorf("got: %d more and %d known, want: nothing more", len(receiver.got), knownTo(n))
	}
}

// A folder that vanished says nothing of what was delivered, and neither does
// one that was made anew.
func TestTheFolderVanishes(t *testing.T) {
	for _, remade := range []bool{false, true} {
		receiver := newWebhook(t, 503)
		dir := filepath.Join(t.TempDir(), "state")
		n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
		n.accept(event("first"))
		awaitBody(t, receiver, "first")
		n.accept(event("second"))
		err := os.RemoveAll(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"first", "second", "next"}
		if remade {
			n.accept(event("next"))
			hurry(n)
		} else {
			hurry(n)
			awaitBody(t, receiver, "first")
			awaitBody(t, receiver, "second")
			awaitIdle(t, n)
			want = want[2:]
			n.accept(event("next"))
		}
		for _, name := range want {
			awaitBody(t, receiver, name)
		}
		awaitIdle(t, n)
		rescan(t, n)
		awaitBox(t, n, "new", 0)
		if isGone(dir) || strings.Contains(lines.text(), "could not be stored") || knownTo(n) != 0 {
			t.Errorf("got: %q, want: the folder made anew for the next", lines.text())
		}
	}
}

// refusing are so many refusals.
func refusing(count int) []int {
	statuses := make([]int, count)
	for i := range statuses {
		statuses[i] = 400
	}
	return statuses
}

func TestGivenUp(t *testing.T) {
	receiver := newWebhook(t, refusing(100)...)
	dir := t.TempDir()
	n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Minute)
	n.accept(old)
	awaitBody(t, receiver, "Tim")
	awaitBox(t, n, "failed", 1)
	awaitBox(t, n, "new", 0)
	checkGivenUp(t, n, lines)

	// Another configuration may be the remedy, but only once.
	s := spoolSettings(t, dir, receiver.url)
	s.Fingerprint = "another"
	n.join(s)
	awaitBody(t, receiver, "Tim")
	awaitScan(t, n)
	awaitIdle(t, n)
	awaitBox(t, n, "failed", 1)
	rescan(t, n)
	awaitIdle(t, n)
	if len(receiver.got) > 0 {
		t.Error("got: more than one try after another configuration, want: one")
	}
	checkGivenUp(t, n, lines)

	// What is moved back by hand is sent again.
	file := boxOf(n, "failed")[0]
	err := os.Rename(filepath.Join(n.folderPath(), "failed", file), filepath.Join(n.folderPath(), "new", file))
	if err != nil {
		t.Fatal(err)
	}
	rescan(t, n)
	awaitBody(t, receiver, "Tim")
	awaitBox(t, n, "failed", 1)

	// Losing its URL and getting another is another configuration, too.
	n.suspend()
	s = spoolSettings(t, dir, receiver.url)
	s.Fingerprint = "a third"
	n.join(s)
	awaitBody(t, receiver, "Tim")
	awaitScan(t, n)
	awaitIdle(t, n)
	awaitBox(t, n, "new", 0)
	checkGivenUp(t, n, lines)
}

func checkGivenUp(t *testing.T, n *notifier, lines *journal) {
	t.Helper()
	files := boxOf(n, "failed")
	if len(files) != 1 {
		t.Fatalf("got: %v, want: one file in failed", files)
	}
	path := filepath.Join(n.folderPath(), "failed", files[0])
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), `"reason":`) || !strings.Contains(string(data), "400 Bad Request") || !strings.Contains(string(data), `"name":"Tim"`) {
		t.Errorf("got: %s (%v), want: Tim with the reason", data, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got: %v, want: a file for its owner alone", info)
	}
	said := lines.text()
	if strings.Contains(string(data)+said, "secret") || !strings.Contains(said, "is given up") {
		t.Errorf("got: %s and %q, want: no secret, and a line", data, said)
	}
}

// A process that never tried it does not remove it, however old it is.
// What is being put into failed/ is not put there once more by a scan, which
// would bring back what was brought back from there and delivered.
func TestGivenUpOnce(t *testing.T) {
	receiver := newWebhook(t, 503, 400)
	dir := t.TempDir()
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), dir, receiver.url, disk)
	old := event("Tim")
	old.Time = time.Now().Add(-time.Hour)
	n.accept(old)
	awaitBody(t, receiver, "Tim")
	awaitLine(t, lines, "503")
	release := disk.hang("Write")
	s := spoolSettings(t, dir, receiver.url)
	s.Fingerprint = "another"
	s.RetryFor = time.Minute
	n.join(s)
	awaitBody(t, receiver, "Tim")
	awaitLine(t, lines, "does not answer within a second")
	rescan(t, n)
	if disk.mostHung() != 1 {
		t.Errorf("got: %d writings at a time, want: one", disk.mostHung())
	}
	disk.unhang("Write")
	close(release)
	awaitBox(t, n, "failed", 1)
	await(t, "nothing to be known", func() bool { return knownTo(n) == 0 })
}

func TestTooOld(t *testing.T) {
	long := time.Now().Add(-outbox.MaxAge - time.Hour)
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	touch(t, leave(t, folder, "old", long), long)
	receiver := newWebhook(t, 503)
	n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	awaitBody(t, receiver, "old")
	awaitBox(t, n, "failed", 1) // tried once, and given up

	n.suspend()
	touch(t, leave(t, folder, "older", long), long)
	n.accept(event("new"))
	rescan(t, n)
	if waiting(n) != 2 {
		t.Errorf("got: %d waiting, want: both", waiting(n))
	}
	cleanUp(t, n)
	if !strings.Contains(lines.text(), "1 notices waited for 30 days and are removed") || len(boxOf(n, "new")) != 1 {
		t.Errorf("got: %q and %v, want: the older one removed", lines.text(), boxOf(n, "new"))
	}
	n.join(spoolSettings(t, dir, receiver.url))
	for awaiting := true; awaiting; {
		got := receiver.await(t) // what was given up is tried once more
		awaiting = got.body != greeting("new")
		if got.body == greeting("older") {
			t.Error("got: what was removed, want: it to be gone")
		}
	}
	awaitIdle(t, n)
}

// cleanUp stands for the hour that passes until the next time.
func cleanUp(t *testing.T, n *notifier) {
	t.Helper()
	awaitScan(t, n)
	n.mu.Lock()
	n.spool.scans = cleanEvery
	n.mu.Unlock()
	n.scan()
}

// A clock that jumps by decades takes nothing away that this process knows.
func TestTheClockJumps(t *testing.T) {
	receiver := newWebhook(t, 503)
	n, lines := startSpool(t, t.Name(), t.TempDir(), receiver.url, newTrialDisk())
	for _, name := range []string{"a", "b"} {
		n.accept(event(name))
	}
	awaitBody(t, receiver, "a")
	for _, file := range boxOf(n, "new") {
		touch(t, filepath.Join(n.folderPath(), "new", file), time.Unix(5, 0))
	}
	cleanUp(t, n)
	if len(boxOf(n, "new")) != 2 {
		t.Errorf("got: %v, want: both still there", boxOf(n, "new"))
	}
	hurry(n)
	awaitBody(t, receiver, "a")
	awaitBody(t, receiver, "b")
	for _, jump := range []time.Duration{-500000 * time.Hour, 500000 * time.Hour} {
		jumped := event("c")
		jumped.Time = time.Now().Add(jump)
		n.accept(jumped)
		awaitBody(t, receiver, "c")
	}
	awaitIdle(t, n)
	if strings.Contains(lines.text(), "removed") {
		t.Errorf("got: %q, want: nothing removed", lines.text())
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	n, _ := startSpool(t, t.Name(), t.TempDir(), nowhere, newTrialDisk())
	n.accept(event("Tim"))
	box := filepath.Join(n.folderPath(), "tmp")
	write(t, filepath.Join(box, "old.json"), `{"ver`)
	write(t, filepath.Join(box, "young.json"), `{"ver`)
	touch(t, filepath.Join(box, "old.json"), time.Now().Add(-61*time.Minute))
	cleanUp(t, n)
	if fmt.Sprint(boxOf(n, "tmp")) != fmt.Sprint([]string{"young.json"}) {
		t.Errorf("got: %v, want: the young one", boxOf(n, "tmp"))
	}
}

func TestNoMoreThanFitOnDisk(t *testing.T) {
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	leave(t, folder, "first", time.Unix(1600000000, 0))
	for i := 0; i < outbox.MaxOnDisk+4; i++ { // without waiting for the disk
		name := fmt.Sprintf("%020d-x.json", int64(1700000000+i)*1000000000)
		write(t, filepath.Join(folder.Path(), "new", name), fmt.Sprintf(`{"version":1,"id":"msg_%d","fields":{"name":"%d"}}`, i, i))
	}
	receiver := newWebhook(t, refusing(1000)...)
	s := spoolSettings(t, dir, receiver.url)
	s.RetryFor = 365000 * time.Hour
	var fs outbox.FS = newTrialDisk()
	n := newNotifier(t.Name(), delivery.NewClient(nil), fs)
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	n.note = silence
	n.join(s)
	t.Cleanup(func() { stop(n) })
	awaitScan(t, n)
	for i := 0; i < 100; i++ {
		receiver.await(t) // each of them steps aside
	}
	n.suspend()
	await(t, "the last try", func() bool { return !isWorking(n) })
	if waiting(n) != outbox.MaxOnDisk {
		t.Errorf("got: %d waiting, want: %d", waiting(n), outbox.MaxOnDisk)
	}
	for i := 0; i < 12; i++ {
		n.accept(event("no room"))
	}
	said := lines.text()
	if !strings.Contains(said, "10 so far were not taken") || strings.Count(said, "no more fit") != 2 || len(boxOf(n, "new")) != outbox.MaxOnDisk+5 {
		t.Errorf("got: %q, want: two lines that count, and no file more", said)
	}
	if inMemory(n) > 0 {
		t.Errorf("got: %d with their fields in memory, want: none", inMemory(n))
	}
}

func isWorking(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	working := n.working
	return working
}

// inMemory counts the notices whose fields are held.
func inMemory(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := 0
	for _, notice := range n.spool.known {
		if notice.Fields != nil {
			count++
		}
	}
	return count
}

// Of this process's own, the first thousand stay in memory, too.
func TestMemoryDoesNotGrowWithTheDisk(t *testing.T) {
	n, _ := startSpool(t, t.Name(), t.TempDir(), nowhere, newTrialDisk())
	n.suspend()
	n.mu.Lock()
	for i := 0; i < outbox.MaxInMemory+1; i++ {
		n.schedule.Add(&outbox.Notice{})
	}
	n.mu.Unlock()
	for i := 0; i < 5; i++ {
		n.accept(event("Tim"))
	}
	if knownTo(n) != 5 || inMemory(n) != 0 {
		t.Errorf("got: %d of %d in memory, want: 0 of 5", inMemory(n), knownTo(n))
	}
}

// A write that ends while its notice is on its way must not take the fields
// from it.
func TestStoredWhileBeingSent(t *testing.T) {
	disk := newTrialDisk()
	n, _ := startSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	n.suspend()
	disk.fail("Write", diskError("no space left on device"))
	n.accept(event("Tim"))
	n.mu.Lock()
	item, _ := n.schedule.Next(time.Now())
	for i := 0; i < outbox.MaxInMemory; i++ { // so many that the fields are given up
		n.schedule.Add(&outbox.Notice{Fields: map[string]string{}, Accepted: time.Now().Add(time.Hour)})
	}
	n.mu.Unlock()
	sent := n.load(item)
	n.storedLate(item.Notice, &outbox.Notice{}, nil)
	if item.Notice.Fields != nil || !item.Notice.Stored || sent.Fields["name"] != "Tim" {
		t.Errorf("got: %v, want: Tim", sent)
	}
}

func TestStateDirs(t *testing.T) {
	base := t.TempDir()
	write(t, filepath.Join(base, "file"), "")
	tests := []struct {
		desc    string
		dir     string
		refuses bool // the disk makes no folder
		said    string
	}{
		{desc: "missing", dir: filepath.Join(base, "a", "b", "c")},
		{desc: "with odd characters", dir: filepath.Join(base, "ä b'\n{}")},
		{desc: "a file", dir: filepath.Join(base, "file"), said: "not a directory"},
		{desc: "below a file", dir: filepath.Join(base, "file", "x"), said: "not a directory"},
		{desc: "not writable", dir: filepath.Join(base, "sealed"), refuses: true, said: "permission denied"},
		{desc: "no file name at all", dir: "\x00", said: "invalid argument"},
	}
	for _, test := range tests {
		receiver := newWebhook(t)
		disk := newTrialDisk()
		if test.refuses {
			disk.fail("MkdirAll", diskError("permission denied"))
		}
		n, lines := makeSpool(t, t.Name(), test.dir, receiver.url, disk)
		n.accept(event("Tim"))
		awaitBody(t, receiver, "Tim")
		awaitIdle(t, n)
		said := lines.text()
		if test.said == "" && said != "" {
			t.Errorf("%s: got: %q, want: nothing said", test.desc, said)
		}
		if test.said != "" && (!strings.Contains(said, test.said) || !strings.Contains(said, test.dir) || !strings.Contains(said, "stateDir")) {
			t.Errorf("%s: got: %q, want: where and %q", test.desc, said, test.said)
		}
	}
}

func TestStateDirIsRelative(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err = os.Chdir(dir)
	if err != nil {
		t.Fatal(err)
	}
	n, lines := startSpool(t, t.Name(), "state", nowhere, newTrialDisk())
	n.accept(event("Tim"))
	stop(n)
	err = os.Chdir(here)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "state", "*", "new", "*.json"))
	if len(files) != 1 || strings.Contains(lines.text(), "could not be stored") {
		t.Errorf("got: %v and %q, want: one file below the working directory", files, lines.text())
	}
}

// No stateDir, however bad, takes a router out of service.
func TestNewTakesAnyStateDir(t *testing.T) {
	base := t.TempDir()
	write(t, filepath.Join(base, "file"), "")
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	for i, dir := range []string{filepath.Join(base, "file"), "\x00", "  ", filepath.Join(base, "missing")} {
		receiver := newWebhook(t)
		options := CreateConfig()
		options.WebhookURL = receiver.url
		options.StateDir = dir
		handler := build(t, fmt.Sprint(t.Name(), i), options)
		answer := signUp(handler, "Tim")
		if !strings.Contains(answer, "Tim") {
			t.Errorf("%q: the client got: %q", dir, answer)
		}
		awaitBody(t, receiver, "Tim")
		awaitIdle(t, notifiers.byName[fmt.Sprint(t.Name(), i)])
	}
}

func TestMiddlewaresShareAStateDir(t *testing.T) {
	dir := t.TempDir()
	names := []string{"notify@file", "Notify@file", "notify@docker", "notify/file", "../notify", ""}
	paths := map[string]bool{}
	for _, name := range names {
		n, _ := startSpool(t, name, dir, nowhere, newTrialDisk())
		n.accept(event("Tim"))
		paths[strings.ToLower(n.folderPath())] = true
		if len(boxOf(n, "new")) != 1 || filepath.Dir(n.folderPath()) != dir {
			t.Errorf("%q: got: %v in %s, want: its own in a folder of stateDir", name, boxOf(n, "new"), n.folderPath())
		}
	}
	if len(paths) != len(names) {
		t.Errorf("got: %v, want: a folder each", paths)
	}
	receiver := newWebhook(t)
	n, _ := startSpool(t, names[1], dir, receiver.url, newTrialDisk())
	got := awaitBody(t, receiver, "Tim")
	awaitIdle(t, n)
	if got.header.Get("Webhook-Id") != delivery.WebhookID(names[1], "id-Tim") || len(receiver.got) > 0 {
		t.Errorf("got: %v, want: its own alone", got.header)
	}
}

// Another stateDir is where new notices go; what waits in the other one is
// still sent.
func TestAnotherStateDir(t *testing.T) {
	receiver := newWebhook(t)
	n, _ := startSpool(t, t.Name(), t.TempDir(), nowhere, newTrialDisk())
	n.accept(event("a"))
	before := n.folderPath()
	dir := t.TempDir()
	leave(t, outbox.NewFolder(dir, n.name, outbox.NewDisk()), "0", time.Now().Add(-time.Second))
	n.join(spoolSettings(t, dir, receiver.url))
	awaitScan(t, n)
	n.accept(event("b"))
	got := map[string]bool{}
	for i := 0; i < 3; i++ {
		body := receiver.await(t).body
		got[body] = true
	}
	awaitIdle(t, n)
	left, _ := os.ReadDir(filepath.Join(before, "new"))
	if len(got) != 3 || len(left) != 0 || len(boxOf(n, "new")) != 0 {
		t.Errorf("got: %v, %v and %v, want: all three sent and removed", got, left, boxOf(n, "new"))
	}
	n.join(settingsFor(t, receiver.url)) // and none at all
	n.accept(event("c"))
	awaitBody(t, receiver, "c")
	awaitIdle(t, n)
	if n.folderPath() != "" || waiting(n) != 0 {
		t.Errorf("got: %s, want: no folder", n.folderPath())
	}
}

// A scan that hangs for ever holds up no other, and none is started beside it.
func TestScansThatHang(t *testing.T) {
	disk := newTrialDisk()
	release := disk.hang("List")
	n, _ := makeSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	await(t, "a scan that hangs", func() bool { return !disk.idle() })
	for i := 0; i < 100; i++ {
		s := spoolSettings(t, filepath.Dir(n.folderPath()), nowhere)
		s.Fingerprint = fmt.Sprint(i)
		n.join(s)
		n.scan()
	}
	if disk.mostHung() != 1 {
		t.Errorf("got: %d scans at a time, want: 1", disk.mostHung())
	}
	dir := t.TempDir()
	receiver := newWebhook(t)
	leave(t, outbox.NewFolder(dir, n.name, outbox.NewDisk()), "Tim", time.Now())
	disk.mu.Lock()
	delete(disk.hangs, "List")
	disk.mu.Unlock()
	n.join(spoolSettings(t, dir, receiver.url)) // on a disk that works
	awaitBody(t, receiver, "Tim")
	close(release)
	awaitIdle(t, n)
	awaitScan(t, n)
}

// A change of the configuration during a scan is not forgotten.
func TestRevivesDuringAScan(t *testing.T) {
	disk := newTrialDisk()
	receiver := newWebhook(t, 400)
	dir := t.TempDir()
	n, _ := startSpool(t, t.Name(), dir, receiver.url, disk)
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Minute)
	n.accept(old)
	awaitBody(t, receiver, "Tim")
	awaitBox(t, n, "failed", 1)
	awaitIdle(t, n)
	release := disk.hang("List")
	go n.scan()
	await(t, "a scan that hangs", func() bool { return !disk.idle() })
	s := spoolSettings(t, dir, receiver.url)
	s.Fingerprint = "another"
	n.join(s)
	close(release)
	awaitBody(t, receiver, "Tim")
	awaitIdle(t, n)
}

func TestUnclaimedFoldersAreNamed(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"mine", "renamed", "idle"} {
		folder := outbox.NewFolder(dir, name, outbox.NewDisk())
		path := leave(t, folder, "Tim", time.Now())
		if name == "idle" {
			_ = os.Remove(path)
		}
	}
	r := newRegistry()
	n, _ := startSpool(t, "mine", dir, nowhere, newTrialDisk())
	r.byName["mine"] = n
	other, _ := notifierTo(t, nowhere)
	r.byName["in memory"] = other
	said := captured(r.sayUnclaimed)
	if !strings.Contains(said, dir) || !strings.Contains(said, outbox.Subfolder("renamed")) || strings.Contains(said, outbox.Subfolder("mine")) || strings.Contains(said, outbox.Subfolder("idle")) {
		t.Errorf("got: %q, want: the renamed one named", said)
	}
	err := os.RemoveAll(filepath.Join(dir, outbox.Subfolder("renamed")))
	if err != nil {
		t.Fatal(err)
	}
	said = captured(r.sayUnclaimed)
	if said != "" {
		t.Errorf("got: %q, want: nothing", said)
	}
}

// captured is what is logged during a call.
func captured(call func()) string {
	text := &strings.Builder{}
	log.SetOutput(text)
	call()
	log.SetOutput(os.Stderr)
	return text.String()
}

// A middleware that is gone says how much stays, and where.
func TestWhatStaysIsSaid(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), t.TempDir(), nowhere, disk)
	n.accept(event("kept"))
	disk.fail("Write", diskError("no space left on device"))
	n.accept(event("lost"))
	stop(n)
	want := "2 notices were not delivered and stay in " + n.folderPath() + ", but for 1 that are lost"
	if !strings.Contains(lines.text(), want) {
		t.Errorf("got: %q, want: %q", lines.text(), want)
	}
}

// process is one Traefik of several on one stateDir.
type process struct {
	name     string
	disk     *trialDisk
	notifier *notifier
	acked    []string
}

// signUps is what clients do: all of them, one after the other.
func (p *process) signUps(count int, done *sync.WaitGroup) {
	defer done.Done()
	for i := 0; i < count; i++ {
		name := fmt.Sprint(p.name, "-", i)
		p.notifier.accept(event(name))
		if p.disk.isDead() {
			return // its client holds no answer
		}
		p.acked = append(p.acked, name)
	}
}

func (p *process) start(count int, done *sync.WaitGroup) {
	done.Add(1)
	go p.signUps(count, done)
}

func startProcess(t *testing.T, name, dir, address string) *process {
	t.Helper()
	p := &process{name: name, disk: newTrialDisk()}
	n, _ := startSpool(t, "shared@file", dir, address, p.disk)
	p.notifier = n
	return p
}

// kill ends a process: nothing of it reaches the disk or the receiver any more.
func (p *process) kill() {
	p.disk.kill()
	stop(p.notifier)
}

// Two processes on one folder, of which one is killed at a random moment and
// replaced: nothing is lost, and doubles share their id.
func TestTwoProcesses(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	doubles := 0
	for round := 0; round < 5; round++ {
		doubles += twoProcesses(t, random)
	}
	t.Logf("%d doubles", doubles)
}

func twoProcesses(t *testing.T, random *rand.Rand) int {
	t.Helper()
	statuses := []int{}
	for i := 0; i < 200; i++ {
		statuses = append(statuses, []int{200, 200, 200, 503}[random.Intn(4)])
	}
	receiver := newWebhook(t, statuses...)
	dir := t.TempDir()
	one := startProcess(t, "one", dir, receiver.url)
	two := startProcess(t, "two", dir, receiver.url)
	done := &sync.WaitGroup{}
	one.start(40, done)
	two.start(40, done)
	time.Sleep(time.Duration(random.Intn(40)) * time.Millisecond)
	one.kill()
	three := startProcess(t, "three", dir, receiver.url)
	three.start(20, done)
	done.Wait()
	all := []*process{two, three}
	for _, p := range all {
		drain(t, p.notifier)
	}
	awaitBox(t, two.notifier, "new", 0)

	wanted := append(append(one.acked, two.acked...), three.acked...)
	sort.Strings(wanted)
	ids := map[string]string{}
	extra := len(receiver.got) - len(wanted)
	for len(receiver.got) > 0 {
		got := <-receiver.got
		checkID(t, ids, got.body, got.header.Get("Webhook-Id"))
	}
	for _, name := range wanted {
		if ids[greeting(name)] == "" {
			t.Errorf("%s is lost", name)
		}
	}
	return extra
}

func checkID(t *testing.T, ids map[string]string, body, id string) {
	t.Helper()
	if ids[body] != "" && ids[body] != id {
		t.Errorf("%q: got: %s and %s, want: one id", body, ids[body], id)
	}
	ids[body] = id
}

// drain lets the pauses pass until a notifier has nothing left.
func drain(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "all to be delivered", func() bool {
		hurry(n)
		return !busy(n)
	})
}

// What one process has delivered, the other does not send.
func TestTwoProcessesTakeTheSame(t *testing.T) {
	dir := t.TempDir()
	folder := outbox.NewFolder(dir, "shared@file", outbox.NewDisk())
	for i := 0; i < 20; i++ {
		leave(t, folder, fmt.Sprint(i), time.Now().Add(-time.Minute))
	}
	receiver := newWebhook(t)
	idle := startProcess(t, "idle", dir, nowhere)
	if waiting(idle.notifier) != 20 {
		t.Errorf("got: %d, want: 20 that wait", waiting(idle.notifier))
	}
	busy := startProcess(t, "busy", dir, receiver.url)
	drain(t, busy.notifier)
	idle.notifier.join(spoolSettings(t, dir, receiver.url))
	drain(t, idle.notifier)
	if len(receiver.got) != 20 {
		t.Errorf("got: %d, want: each once", len(receiver.got))
	}
}

// The same account has the same id in every process.
func TestDoublesShareTheirID(t *testing.T) {
	receiver := newWebhook(t)
	first, _ := startSpool(t, "shared@file", t.TempDir(), receiver.url, newTrialDisk())
	second, _ := startSpool(t, "shared@file", t.TempDir(), receiver.url, newTrialDisk())
	ids := map[string]bool{}
	for _, n := range []*notifier{first, second} {
		n.accept(&openwebui.Event{Type: "signup", ID: "7", Name: "Tim", Time: time.Now()})
		id := awaitBody(t, receiver, "Tim").header.Get("Webhook-Id")
		ids[id] = true
		awaitIdle(t, n)
	}
	if len(ids) != 1 {
		t.Errorf("got: %v, want: one id", ids)
	}
}
