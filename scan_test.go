package signupwebhook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

func TestTakesOverAtStart(t *testing.T) {
	dir := stateFolder(t)
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
	box := filepath.Join(outbox.Path(folder), "new")
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
	dir := stateFolder(t)
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	accepted := time.Now().Add(-time.Second)
	leave(t, folder, "Tim", accepted)
	failing := newPausingWebhook(t, 503, 503, 503, 503)
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
	dir := stateFolder(t)
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
	tests := []struct {
		desc     string
		accepted time.Duration // before it is looked at
		modified time.Duration
		ending   string // of the name; .json if not set
		taken    bool
	}{
		{desc: "moved back from failed", ending: ".failed.json", taken: true},
		{desc: "new"},
		{desc: "four minutes old", accepted: 4 * time.Minute, modified: 4 * time.Minute},
		{desc: "six minutes old", accepted: 6 * time.Minute, modified: 6 * time.Minute, taken: true},
		{desc: "written six minutes ago", modified: 6 * time.Minute, taken: true},
		{desc: "copied from failed", accepted: 72 * time.Hour, taken: true},
		{desc: "of tomorrow", accepted: -24 * time.Hour, modified: -24 * time.Hour, taken: true},
		{desc: "of 1970", accepted: time.Since(time.Unix(5, 0)), modified: time.Since(time.Unix(5, 0)), taken: true},
	}
	receiver := newWebhook(t)
	n, _ := startSpool(t, t.Name(), stateFolder(t), receiver.url, newTrialDisk())
	for _, test := range tests {
		now := time.Now()
		path := leave(t, others(n), test.desc, now.Add(-test.accepted))
		if test.ending != "" {
			other := strings.TrimSuffix(path, ".json") + test.ending
			err := os.Rename(path, other)
			if err != nil {
				t.Fatal(err)
			}
			path = other
		}
		touch(t, path, now.Add(-test.modified))
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

func TestTooOld(t *testing.T) {
	long := time.Now().Add(-outbox.MaxAge - time.Hour)
	dir := stateFolder(t)
	folder := outbox.NewFolder(dir, t.Name(), outbox.NewDisk())
	touch(t, leave(t, folder, "old", long), long)
	receiver := newWebhook(t, 503)
	n, lines := startSpool(t, t.Name(), dir, receiver.url, newTrialDisk())
	awaitBody(t, receiver, "old")
	awaitBox(t, n, "failed", 1) // tried once, and given up

	n.suspend()
	touch(t, leave(t, folder, "older", long), long)
	accept(n, event("new"))
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
	receiver := newPausingWebhook(t, 503)
	n, lines := startSpool(t, t.Name(), stateFolder(t), receiver.url, newTrialDisk())
	for _, name := range []string{"a", "b"} {
		accept(n, event(name))
	}
	awaitBody(t, receiver, "a")
	awaitPause(t, n)
	for _, file := range boxOf(n, "new") {
		touch(t, filepath.Join(n.folderPath(), "new", file), time.Unix(5, 0))
	}
	cleanUp(t, n)
	if len(boxOf(n, "new")) != 2 {
		t.Errorf("got: %v, want: both still there", boxOf(n, "new"))
	}
	hurryNow(n)
	awaitBody(t, receiver, "a")
	awaitBody(t, receiver, "b")
	for _, jump := range []time.Duration{-500000 * time.Hour, 500000 * time.Hour} {
		jumped := event("c")
		jumped.Time = time.Now().Add(jump)
		accept(n, jumped)
		awaitBody(t, receiver, "c")
	}
	awaitIdle(t, n)
	if strings.Contains(lines.text(), "removed") {
		t.Errorf("got: %q, want: nothing removed", lines.text())
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	n, _ := startSpool(t, t.Name(), stateFolder(t), nowhere, newTrialDisk())
	accept(n, event("Tim"))
	box := filepath.Join(n.folderPath(), "tmp")
	write(t, filepath.Join(box, "old.json"), `{"ver`)
	write(t, filepath.Join(box, "young.json"), `{"ver`)
	touch(t, filepath.Join(box, "old.json"), time.Now().Add(-61*time.Minute))
	cleanUp(t, n)
	if fmt.Sprint(boxOf(n, "tmp")) != fmt.Sprint([]string{"young.json"}) {
		t.Errorf("got: %v, want: the young one", boxOf(n, "tmp"))
	}
}

// A scan that hangs for ever holds up no other, and none is started beside it.
func TestScansThatHang(t *testing.T) {
	disk := newTrialDisk()
	release := disk.hang("List")
	n, _ := makeSpool(t, t.Name(), stateFolder(t), nowhere, disk)
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
	dir := stateFolder(t)
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
	dir := stateFolder(t)
	n, _ := startSpool(t, t.Name(), dir, receiver.url, disk)
	old := event("Tim")
	old.Time = time.Now().Add(-config.DefaultRetryFor - time.Minute)
	accept(n, old)
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
