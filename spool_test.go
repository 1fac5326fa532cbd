package signupwebhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
)

// nowhere is where nobody listens.
const nowhere = "http://127.0.0.1:1/secret"

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
	t.Cleanup(func() { end(t, n) })
	return n, lines
}

// stop ends a notifier as a kill does: it sends nothing more.
func stop(n *notifier) {
	n.mu.Lock()
	n.instances = 0
	n.mu.Unlock()
	n.close()
}

// end stops a notifier, and waits until it does nothing any more. After a
// failure something may hang for ever, and is not waited for.
func end(t *testing.T, n *notifier) {
	stop(n)
	if !t.Failed() {
		await(t, "nothing to be under way", func() bool { return isAtRest(n) })
	}
}

func isAtRest(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.working && !n.guests.others.working && !n.guests.signUps.working && n.spool.scanning == nil
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
	err := outbox.Write(folder, file, notice)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(outbox.Path(folder), "new", file)
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
	top := stateFolder(t)
	n, _ := startSpool(t, "Notify@file", filepath.Join(top, "state"), nowhere, disk)
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
		checkStored(t, top, filepath.Join(n.folderPath(), "new", file))
	}
}

// checkStored looks at what a file holds, and who may read it and enter the
// folders below top.
func checkStored(t *testing.T, top, path string) {
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
	for dir := filepath.Dir(path); dir != top; dir = filepath.Dir(dir) {
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
	dir := filepath.Join(stateFolder(t), "state")
	n, lines := startSpool(t, operation, dir, h.receiver.url, h.disk)
	h.notifier = n
	h.lines = lines
	if operation != "MkdirAll" { // which is needed only once
		accept(n, event("Tom"))
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
	accept(h.notifier, event("Tim"))
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
	if h.took > time.Minute { // for ever, if it waited for the disk
		t.Errorf("%s: the client waited for %s, want: about a second", h.operation, h.took.String())
	}
	awaitBody(t, h.receiver, "Tim")
	awaitIdle(t, h.notifier) // so that only what ends late is still to come
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
	accept(b.notifier, event(name))
}

func TestHangingIsBounded(t *testing.T) {
	disk := newTrialDisk()
	receiver := newWebhook(t)
	n, lines := startSpool(t, t.Name(), stateFolder(t), receiver.url, disk)
	accept(n, event("Tom"))
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
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	accept(n, event("first"))
	b := &burst{notifier: n, done: &sync.WaitGroup{}}
	for i := 0; i < 200; i++ {
		b.start(fmt.Sprint(i))
	}
	b.done.Wait()
	if len(boxOf(n, "new")) != 201 || strings.Contains(lines.text(), "could not be stored") {
		t.Errorf("got: %d files and %q, want: all stored", len(boxOf(n, "new")), lines.text())
	}
}

// What is on its way to the disk takes no room from what waits in memory.
func TestMoreAtOnceThanFitIntoMemory(t *testing.T) {
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, newTrialDisk())
	const count = outbox.MaxInMemory + 100
	admitted := []*outbox.Notice{}
	for i := 0; i < count; i++ {
		notice := admit(n, event(fmt.Sprint(i)))
		if notice == nil {
			t.Fatalf("got: %d admitted and %q, want: %d", i, lines.text(), count)
		}
		admitted = append(admitted, notice)
	}
	for _, notice := range admitted {
		if !store(n, notice, nil) {
			t.Fatalf("got: %q, want: all taken", lines.text())
		}
		enqueue(n, notice)
	}
	if waiting(n) != count || len(boxOf(n, "new")) != count || unstored(n) != 0 {
		t.Errorf("got: %d waiting and %d files, want: %d", waiting(n), len(boxOf(n, "new")), count)
	}
}

// What the disk does not take waits in memory, but only so much of it.
func TestNoMoreInMemoryThanFitThere(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	disk.fail("Write", diskError("no space left on device"))
	for i := 0; i < outbox.MaxInMemory+10; i++ {
		accept(n, event(fmt.Sprint(i)))
	}
	if waiting(n) != outbox.MaxInMemory || unstored(n) != outbox.MaxInMemory || knownTo(n) != outbox.MaxInMemory {
		t.Errorf("got: %d waiting, %d unstored and %d known, want: %d", waiting(n), unstored(n), knownTo(n), outbox.MaxInMemory)
	}
	if strings.Count(lines.text(), "no more fit") != 2 || !strings.Contains(lines.text(), "10 so far were not taken") {
		t.Errorf("got: %q, want: two lines that count what was refused", lines.text())
	}
	disk.fail("Write", nil)
	accept(n, event("last"))
	if waiting(n) != outbox.MaxInMemory+1 || unstored(n) != outbox.MaxInMemory {
		t.Errorf("got: %d waiting and %d unstored, want: one more, in a file", waiting(n), unstored(n))
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
	receiver := newPausingWebhook(t, 503)
	dir := filepath.Join(stateFolder(t), "state")
	n, lines := startSpool(t, t.Name(), dir, receiver.url, disk)
	if operation == "MkdirAll" { // which is needed only once
		disk.fail(operation, diskError(fault))
	}
	accept(n, event("before"))
	awaitBody(t, receiver, "before")
	awaitPause(t, n)
	disk.fail(operation, diskError(fault))
	accept(n, event("during"))
	rescan(t, n)
	hurryNow(n)
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
	accept(n, event("after"))
	awaitBody(t, receiver, "after")
	awaitIdle(t, n)
	rescan(t, n)
	awaitBox(t, n, "new", 0)
	awaitBox(t, n, "tmp", 0)
	if len(receiver.got) > 0 || unstored(n) != 0 || knownTo(n) != 0 {
		t.Errorf("%s: got: %d doubles, %d unstored and %d known, want: none", desc, len(receiver.got), unstored(n), knownTo(n))
	}
}

func TestAFolderThatCannotBeSyncedIsNamedOnce(t *testing.T) {
	disk := newTrialDisk()
	disk.fail("SyncDir", errors.ErrUnsupported)
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	accept(n, event("a"))
	accept(n, event("b"))
	if strings.Count(lines.text(), "cannot sync a folder") != 1 || len(boxOf(n, "new")) != 2 || unstored(n) != 0 {
		t.Errorf("got: %q and %v, want: both stored, and one line", lines.text(), boxOf(n, "new"))
	}
}

// Where nothing can be removed, files are not added for ever.
func TestAFolderThatOnlyGrows(t *testing.T) {
	disk := newTrialDisk()
	disk.fail("Remove", diskError("operation not permitted"))
	receiver := newWebhook(t)
	n, lines := startSpool(t, t.Name(), stateFolder(t), receiver.url, disk)
	n.mu.Lock()
	for i := 0; i < maxKnown; i++ {
		n.spool.known[fmt.Sprint(i)] = &outbox.Notice{}
	}
	n.mu.Unlock()
	accept(n, event("Tim"))
	awaitBody(t, receiver, "Tim")
	awaitIdle(t, n)
	if !strings.Contains(lines.text(), "too many files") || len(boxOf(n, "new")) != 0 || knownTo(n) != maxKnown || unstored(n) != 0 {
		t.Errorf("got: %q and %v, want: it delivered from memory, and a line", lines.text(), boxOf(n, "new"))
	}
}

func waiting(n *notifier) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	count := schedule.Len(n.schedule)
	return count
}

func isGone(path string) bool {
	_, err := os.Stat(path)
	return os.IsNotExist(err)
}

func TestWhatAnotherDeliveredIsDropped(t *testing.T) {
	receiver := newPausingWebhook(t, 503)
	n, _ := startSpool(t, t.Name(), stateFolder(t), receiver.url, newTrialDisk())
	accept(n, event("first"))
	awaitBody(t, receiver, "first")
	awaitPause(t, n)
	accept(n, event("second"))
	accept(n, event("third"))
	files := boxOf(n, "new")
	if len(files) != 3 {
		t.Fatalf("got: %v, want: 3 files", files)
	}
	for _, file := range files[:2] {
		err := outbox.Remove(others(n), file)
		if err != nil {
			t.Fatal(err)
		}
	}
	hurryNow(n)
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
		receiver := newPausingWebhook(t, 503)
		dir := filepath.Join(stateFolder(t), "state")
		n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
		accept(n, event("first"))
		awaitBody(t, receiver, "first")
		awaitPause(t, n)
		accept(n, event("second"))
		err := os.RemoveAll(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"first", "second", "next"}
		if remade {
			accept(n, event("next"))
			hurryNow(n)
		} else {
			hurryNow(n)
			awaitBody(t, receiver, "first")
			awaitBody(t, receiver, "second")
			awaitIdle(t, n)
			want = want[2:]
			accept(n, event("next"))
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
	dir := stateFolder(t)
	n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Minute)
	accept(n, old)
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
	receiver := newPausingWebhook(t, 503, 400)
	dir := stateFolder(t)
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), dir, receiver.url, disk)
	old := event("Tim")
	old.Time = time.Now().Add(-time.Hour)
	accept(n, old)
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

func TestNoMoreThanFitOnDisk(t *testing.T) {
	dir := diskFolder(t)
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	leave(t, folder, "first", time.Unix(1600000000, 0))
	for i := 0; i < outbox.MaxOnDisk+4; i++ { // without waiting for the disk
		name := fmt.Sprintf("%020d-x.json", int64(1700000000+i)*1000000000)
		write(t, filepath.Join(outbox.Path(folder), "new", name), fmt.Sprintf(`{"version":1,"id":"msg_%d","fields":{"name":"%d"}}`, i, i))
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
	t.Cleanup(func() { end(t, n) })
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
		accept(n, event("no room"))
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
	n, _ := startSpool(t, t.Name(), stateFolder(t), nowhere, newTrialDisk())
	n.suspend()
	n.mu.Lock()
	for i := 0; i < outbox.MaxInMemory+1; i++ {
		schedule.Add(n.schedule, &outbox.Notice{})
	}
	n.mu.Unlock()
	for i := 0; i < 5; i++ {
		accept(n, event("Tim"))
	}
	if knownTo(n) != 5 || inMemory(n) != 0 {
		t.Errorf("got: %d of %d in memory, want: 0 of 5", inMemory(n), knownTo(n))
	}
}

// A write that ends while its notice is on its way must not take the fields
// from it.
func TestStoredWhileBeingSent(t *testing.T) {
	disk := newTrialDisk()
	n, _ := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	n.suspend()
	disk.fail("Write", diskError("no space left on device"))
	accept(n, event("Tim"))
	n.mu.Lock()
	for i := 0; i < outbox.MaxInMemory; i++ { // so many that the fields are given up
		schedule.Add(n.schedule, &outbox.Notice{Fields: map[string]string{}, Accepted: time.Now().Add(time.Hour)})
	}
	used := n.settings
	n.mu.Unlock()
	item, sent := nextItem(n, used, nil)
	n.storedLate(item.Notice, &outbox.Notice{}, nil)
	if item.Notice.Fields != nil || !item.Notice.Stored || sent.Fields["name"] != "Tim" {
		t.Errorf("got: %v, want: Tim", sent)
	}
}

func TestStateDirs(t *testing.T) {
	base := stateFolder(t)
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
		accept(n, event("Tim"))
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
	dir := stateFolder(t)
	err = os.Chdir(dir)
	if err != nil {
		t.Fatal(err)
	}
	n, lines := startSpool(t, t.Name(), "state", nowhere, newTrialDisk())
	accept(n, event("Tim"))
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
	base := stateFolder(t)
	write(t, filepath.Join(base, "file"), "")
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	for i, dir := range []string{filepath.Join(base, "file"), "\x00", "  ", filepath.Join(base, "missing")} {
		receiver := newWebhook(t)
		name := fmt.Sprint(t.Name(), i)
		options := CreateConfig()
		options.WebhookURL = receiver.url
		options.StateDir = dir
		handler := build(t, name, options)
		n := notifierOf(name)
		forgetAfter(t, n)
		answer := signUp(handler, "Tim")
		if !strings.Contains(answer, "Tim") {
			t.Errorf("%q: the client got: %q", dir, answer)
		}
		awaitBody(t, receiver, "Tim")
		awaitIdle(t, n)
	}
}

// Another stateDir is where new notices go; what waits in the other one is
// still sent.
func TestAnotherStateDir(t *testing.T) {
	receiver := newWebhook(t)
	n, _ := startSpool(t, t.Name(), stateFolder(t), nowhere, newTrialDisk())
	accept(n, event("a"))
	before := n.folderPath()
	dir := stateFolder(t)
	leave(t, outbox.NewFolder(dir, n.name, outbox.NewDisk()), "0", time.Now().Add(-time.Second))
	n.join(spoolSettings(t, dir, receiver.url))
	awaitScan(t, n)
	accept(n, event("b"))
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
	accept(n, event("c"))
	awaitBody(t, receiver, "c")
	awaitIdle(t, n)
	if n.folderPath() != "" || waiting(n) != 0 {
		t.Errorf("got: %s, want: no folder", n.folderPath())
	}
}

// A middleware that is gone says how much stays, and where.
func TestWhatStaysIsSaid(t *testing.T) {
	disk := newTrialDisk()
	n, lines := startSpool(t, t.Name(), stateFolder(t), nowhere, disk)
	accept(n, event("kept"))
	disk.fail("Write", diskError("no space left on device"))
	accept(n, event("lost"))
	stop(n)
	want := "2 notices were not delivered and stay in " + n.folderPath() + ", but for 1 that are lost"
	if !strings.Contains(lines.text(), want) {
		t.Errorf("got: %q, want: %q", lines.text(), want)
	}
}
