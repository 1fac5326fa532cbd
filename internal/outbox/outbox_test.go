package outbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// folderIn is a middleware's folder in a new stateDir that is not there yet.
func folderIn(t *testing.T) (*Folder, *recorder) {
	t.Helper()
	r := newRecorder()
	var fs FS = r
	return NewFolder(filepath.Join(t.TempDir(), "state"), "x@file", fs), r
}

func noticeOf(name string) *Notice {
	return &Notice{
		ID:       "msg_" + name,
		Fields:   map[string]string{"name": name},
		Accepted: time.Unix(1700000000, 5),
	}
}

// stored writes a notice and returns its file's name.
func stored(t *testing.T, folder *Folder, notice *Notice) string {
	t.Helper()
	name := FileName(notice)
	err := Write(folder, name, notice)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// inBox lists the names in a box of a folder, hidden ones and folders too.
func inBox(t *testing.T, folder *Folder, box string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(Path(folder), box))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func put(t *testing.T, folder *Folder, box, name, text string, modified time.Time) {
	t.Helper()
	path := filepath.Join(Path(folder), box, name)
	err := os.WriteFile(path, []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	err = os.Chtimes(path, modified, modified)
	if err != nil {
		t.Fatal(err)
	}
}

func TestWritesInOrder(t *testing.T) {
	folder, disk := folderIn(t)
	first := stored(t, folder, noticeOf("first"))
	got := strings.Join(disk.events, ", ")
	made := "MkdirAll tmp, MkdirAll new, MkdirAll failed, SyncDir " + filepath.Base(Path(folder)) + ", SyncDir state, "
	written := "Write tmp/FILE, Rename new/FILE, SyncDir new"
	if !strings.HasPrefix(got, "Write tmp/FILE, Remove tmp/FILE, "+made) || !strings.HasSuffix(got, ", "+written) {
		t.Errorf("the first: got: %s, want: the folder made and synced, then %s", got, written)
	}
	disk.events = nil
	second := stored(t, folder, noticeOf("second"))
	got = strings.Join(disk.events, ", ")
	if got != written {
		t.Errorf("the second: got: %s, want: %s", got, written)
	}
	got = fmt.Sprint(inBox(t, folder, "new"), inBox(t, folder, "tmp"))
	want := []string{first, second}
	sort.Strings(want)
	if got != fmt.Sprint(want, []string{}) {
		t.Errorf("got: %s, want: two files in new, none in tmp", got)
	}
}

func TestReadsWhatItWrote(t *testing.T) {
	folder, _ := folderIn(t)
	written := noticeOf("Тим \"x\" \u2028 \x00 …")
	written.ID = "msg_0"
	name := stored(t, folder, written)
	got, err := Read(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != written.ID || fmt.Sprint(got.Fields) != fmt.Sprint(written.Fields) || !got.Accepted.Equal(written.Accepted) {
		t.Errorf("got: %v, want: %v", got, written)
	}
	bare := stored(t, folder, &Notice{ID: "msg_0", Fields: map[string]string{}})
	_, err = Read(folder, bare)
	if err != nil {
		t.Errorf("one without fields: got: %v, want: no error", err)
	}
}

func TestGoneOrVanished(t *testing.T) {
	folder, _ := folderIn(t)
	_, err := Read(folder, "0.json")
	if err == nil || errors.Is(err, ErrGone) {
		t.Errorf("no folder: got: %v, want: another error than %v", err, ErrGone)
	}
	written := noticeOf("Tim")
	name := stored(t, folder, written)
	err = Remove(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(folder, name)
	if !errors.Is(err, ErrGone) || written.Making != Makings(folder) {
		t.Errorf("removed: got: %v, want: %v", err, ErrGone)
	}
	err = Remove(folder, name)
	if err != nil {
		t.Errorf("removed twice: got: %v, want: no error", err)
	}
	err = os.RemoveAll(Path(folder))
	if err != nil {
		t.Fatal(err)
	}
	stored(t, folder, noticeOf("Tom"))
	if written.Making == Makings(folder) {
		t.Error("a folder made anew is taken for the one before")
	}
}

func TestFails(t *testing.T) {
	folder, disk := folderIn(t)
	read := noticeOf("read") // whose fields are in the file alone
	read.File = stored(t, folder, read)
	read.Fields = nil
	kept := noticeOf("kept")
	kept.File = FileName(kept) // and one that could never be stored
	for _, notice := range []*Notice{read, kept} {
		notice.Folder = folder
		notice.Failure = "400 Bad Request"
		disk.events = nil
		err := Clear(notice)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(disk.events, ", ")
		want := "Write tmp/FILE, Rename new/FILE, SyncDir new, Rename failed/FILE, List failed, SyncDir failed"
		if !strings.HasSuffix(got, want) {
			t.Errorf("got: %s, want: %s", got, want)
		}
		data, err := os.ReadFile(pathIn(folder, "failed", nameGivenUp(notice.File)))
		name := strings.TrimPrefix(notice.ID, "msg_")
		if err != nil || !strings.Contains(string(data), `"reason":"400 Bad Request"`) || !strings.Contains(string(data), `"name":"`+name+`"`) {
			t.Errorf("%s: got: %s (%v), want: it with the reason", name, data, err)
		}
	}
	if len(inBox(t, folder, "new")) > 0 || len(inBox(t, folder, "tmp")) > 0 {
		t.Errorf("got: %v and %v, want: nothing left", inBox(t, folder, "new"), inBox(t, folder, "tmp"))
	}
	err := Clear(read)
	if err != nil {
		t.Errorf("one that another process gave up: got: %v, want: no error", err)
	}
}

// A failed step leaves no file behind that could be taken for a notice, but
// for the last: then it is there, only perhaps not for good.
func TestWriteFailsAtEachStep(t *testing.T) {
	tests := []struct {
		operation string
		at        string
		left      int
	}{
		{operation: "MkdirAll"},
		{operation: "SyncDir", at: "state"},
		{operation: "Write"},
		{operation: "Rename"},
		{operation: "SyncDir", at: "new", left: 1},
	}
	for _, test := range tests {
		folder, disk := folderIn(t)
		disk.fails[test.operation] = errors.New("no space left on device")
		disk.failAt = test.at
		err := Write(folder, "0-x.json", noticeOf("Tim"))
		if err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: got: %v, want: the disk's error", test.operation, err)
		}
		disk.fails = map[string]error{}
		waiting, err := Waiting(folder)
		if err != nil || len(waiting) != test.left {
			t.Errorf("%s: got: %v (%v), want: %d", test.operation, waiting, err, test.left)
		}
		err = Write(folder, "0-y.json", noticeOf("Tim"))
		if err != nil {
			t.Errorf("%s: afterwards: got: %v, want: no error", test.operation, err)
		}
		if len(inBox(t, folder, "tmp")) > 0 {
			t.Errorf("%s: got: %v in tmp, want: nothing", test.operation, inBox(t, folder, "tmp"))
		}
	}
}

func TestGivingUpFailsAtEachStep(t *testing.T) {
	tests := []struct {
		operation string
		at        string
	}{
		{operation: "Write"},
		{operation: "Rename", at: "new/FILE"},
		{operation: "SyncDir", at: "new"},
		{operation: "Rename", at: "failed/FILE"},
		{operation: "SyncDir", at: "failed"},
	}
	for _, test := range tests {
		folder, disk := folderIn(t)
		notice := noticeOf("Tim")
		notice.File = stored(t, folder, notice)
		disk.fails[test.operation] = errors.New("input/output error")
		disk.failAt = test.at
		err := fail(folder, notice, "reason")
		if err == nil {
			t.Errorf("%s %s: got: no error, want: one", test.operation, test.at)
		}
		if len(inBox(t, folder, "new"))+len(inBox(t, folder, "failed")) != 1 {
			t.Errorf("%s %s: the notice is lost", test.operation, test.at)
		}
		disk.fails = map[string]error{}
		err = fail(folder, notice, "reason")
		if err != nil || len(inBox(t, folder, "new")) != 0 || len(inBox(t, folder, "failed")) != 1 || len(inBox(t, folder, "tmp")) != 0 {
			t.Errorf("%s %s: afterwards: got: %v, want: it in failed", test.operation, test.at, err)
		}
	}
}

func TestFound(t *testing.T) {
	folder, _ := folderIn(t)
	modified := time.Unix(1600000000, 0)
	tests := []struct {
		desc string
		name string
		want time.Time
	}{
		{desc: "ours", name: FileName(noticeOf("x")), want: time.Unix(1700000000, 5)},
		{desc: "before 1970", name: FileName(&Notice{Accepted: time.Unix(-5, 0)}), want: modified},
		{desc: "renamed", name: "Tim.json", want: modified},
		{desc: "too large a number", name: "99999999999999999999-x.json", want: modified},
		{desc: "tomorrow", name: "4000000000000000000-x.json", want: time.Unix(4000000000, 0)},
	}
	for _, test := range tests {
		got := Found(folder, File{Name: test.name, Modified: modified}, time.Now())
		if !got.Accepted.Equal(test.want) || !got.Stored || got.Fields != nil || FilePath(got) != pathIn(folder, "new", test.name) {
			t.Errorf("%s: got: %v, want: accepted %v", test.desc, got, test.want)
		}
		if !strings.Contains(got.Accepted.String(), " m=") {
			t.Errorf("%s: got: %s, want: a time that no jump of the clock changes", test.desc, got.Accepted.String())
		}
	}
}

func TestCleanUp(t *testing.T) {
	folder, _ := folderIn(t)
	if CleanUp(folder, time.Now()) != 0 {
		t.Error("got: something cleaned up in no folder, want: nothing")
	}
	stored(t, folder, noticeOf("Tim"))
	now := time.Now()
	put(t, folder, "tmp", "old.json", "", now.Add(-maxTmp-time.Minute))
	put(t, folder, "tmp", "young.json", "", now.Add(-maxTmp+time.Minute))
	put(t, folder, "failed", "old.json", "", now.Add(-MaxAge-time.Minute))
	put(t, folder, "failed", "young.json", "", now.Add(-MaxAge+time.Minute))
	put(t, folder, "failed", "old.txt", "", now.Add(-MaxAge-time.Minute)) // none of ours
	put(t, folder, "new", "old.json", "", now.Add(-MaxAge-time.Minute))   // waits, maybe since a jump of the clock
	if CleanUp(folder, now) != 2 {
		t.Error("got: another number, want: 2 too old ones")
	}
	trimmed := Trimmed(folder)
	if trimmed != 1 {
		t.Errorf("got: %d removed from failed, want: 1", trimmed)
	}
	got := fmt.Sprint(inBox(t, folder, "tmp"), inBox(t, folder, "failed"), len(inBox(t, folder, "new")))
	want := fmt.Sprint([]string{"young.json"}, []string{"old.txt", "young.json"}, 2)
	if got != want {
		t.Errorf("got: %s, want: %s", got, want)
	}
}

// A box that was taken away is made anew; what is to go there is not taken for
// another process's.
func TestBoxesVanish(t *testing.T) {
	folder, _ := folderIn(t)
	notice := noticeOf("Tim")
	notice.File = stored(t, folder, notice)
	notice.Folder = folder
	notice.Failure = "400 Bad Request"
	remove(t, folder, "failed")
	err := Clear(notice)
	if err != nil || len(inBox(t, folder, "failed")) != 1 || len(inBox(t, folder, "new")) != 0 {
		t.Errorf("got: %v, %v and %v, want: it in failed", err, inBox(t, folder, "failed"), inBox(t, folder, "new"))
	}
	remove(t, folder, "new")
	revived, err := Revive(folder)
	if err != nil || len(revived) != 1 || len(inBox(t, folder, "new")) != 1 || Makings(folder) != 2 {
		t.Errorf("got: %v and %v, want: it in new, which was made anew", revived, err)
	}
}

func remove(t *testing.T, folder *Folder, box string) {
	t.Helper()
	err := os.RemoveAll(filepath.Join(Path(folder), box))
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheOldestFailedGo(t *testing.T) {
	folder, _ := folderIn(t)
	stored(t, folder, noticeOf("Tim"))
	for i := 0; i < MaxFailed+5; i++ {
		put(t, folder, "failed", fmt.Sprintf("%020d-x.json", i), "", time.Now())
	}
	last := noticeOf("last") // whose name sorts last
	last.File = stored(t, folder, last)
	err := fail(folder, last, "reason")
	if err != nil {
		t.Fatal(err)
	}
	got := inBox(t, folder, "failed")
	if len(got) != MaxFailed || got[0] != fmt.Sprintf("%020d-x.json", 6) || got[MaxFailed-1] != nameGivenUp(last.File) {
		t.Errorf("got: %d from %s to %s, want: %d, the newest", len(got), got[0], got[len(got)-1], MaxFailed)
	}
	first := Trimmed(folder)
	second := Trimmed(folder)
	if first != 6 || second != 0 {
		t.Errorf("got: %d and %d removed, want: 6 and 0", first, second)
	}
}

func TestRevive(t *testing.T) {
	folder, disk := folderIn(t)
	revived, err := Revive(folder)
	if err != nil || len(revived) != 0 {
		t.Errorf("no folder: got: %v and %v, want: nothing", revived, err)
	}
	stored(t, folder, noticeOf("Tim"))
	put(t, folder, "failed", "a.json", "a", time.Now())
	put(t, folder, "failed", "b.json", "b", time.Now())
	disk.fails["Rename"] = errors.New("input/output error")
	revived, err = Revive(folder)
	if err == nil || len(revived) != 0 || len(inBox(t, folder, "failed")) != 2 {
		t.Errorf("got: %v and %v, want: an error", revived, err)
	}
	disk.fails["Rename"] = &os.PathError{Op: "rename", Path: "x", Err: os.ErrNotExist}
	revived, err = Revive(folder)
	if err != nil || len(revived) != 0 {
		t.Errorf("another process was faster: got: %v and %v, want: no error", revived, err)
	}
	delete(disk.fails, "Rename")
	revived, err = Revive(folder)
	if err != nil || !revived["a.json"] || !revived["b.json"] || len(inBox(t, folder, "failed")) != 0 || len(inBox(t, folder, "new")) != 3 {
		t.Errorf("got: %v and %v, want: both in new", revived, err)
	}
}
