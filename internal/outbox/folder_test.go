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

func TestModes(t *testing.T) {
	folder, _ := folderIn(t)
	name := stored(t, folder, noticeOf("Tim"))
	gaveUp := noticeOf("Tom")
	gaveUp.File = stored(t, folder, gaveUp)
	err := fail(folder, gaveUp, "reason")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		desc string
		path string
		want os.FileMode
	}{
		{desc: "stateDir", path: filepath.Dir(Path(folder)), want: os.ModeDir | 0o700},
		{desc: "the middleware's", path: Path(folder), want: os.ModeDir | 0o700},
		{desc: "tmp", path: pathIn(folder, "tmp", ""), want: os.ModeDir | 0o700},
		{desc: "new", path: pathIn(folder, "new", ""), want: os.ModeDir | 0o700},
		{desc: "failed", path: pathIn(folder, "failed", ""), want: os.ModeDir | 0o700},
		{desc: "a notice", path: pathIn(folder, "new", name), want: 0o600},
		{desc: "one given up", path: pathIn(folder, "failed", nameGivenUp(gaveUp.File)), want: 0o600},
	}
	for _, test := range tests {
		info, err := os.Stat(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != test.want {
			t.Errorf("%s: got: %s, want: %s", test.desc, info.Mode().String(), test.want.String())
		}
	}
}

func TestAFolderThatCannotBeSynced(t *testing.T) {
	folder, disk := folderIn(t)
	stored(t, folder, noticeOf("Tim"))
	if Unsynced(folder) {
		t.Error("got: a folder that cannot be synced, want: one that can")
	}
	disk.fails["SyncDir"] = errors.ErrUnsupported
	stored(t, folder, noticeOf("Tom"))
	if !Unsynced(folder) {
		t.Error("got: a folder that can be synced, want: one that cannot")
	}
}

func TestSubfolders(t *testing.T) {
	names := []string{
		"notify@file", "Notify@file", "NOTIFY@FILE", "notify@docker", "notify.file", "notify/file", "notify\\file", "notify file", "notify@file ",
		"", " ", ".", "..", "../..", "/", "/etc/passwd", "C:\\x", "con", "CON", "nul.txt", "a:b", "a?b*", "a|b", "a<b>", "a\x00b", "a\nb", "name.", "name",
		"größe", "GRÖSSE", "gro\u0308ße", "\xff\xfe", "名前", "名字", "😀",
		strings.Repeat("x", 40), strings.Repeat("x", 41), strings.Repeat("x", 300), strings.Repeat("ü", 300),
	}
	seen := map[string]bool{}
	for _, name := range names {
		got := Subfolder(name)
		folder := NewFolder("state", name, NewDisk())
		if seen[strings.ToLower(got)] {
			t.Errorf("%q: got: %s, which another has", name, got)
		}
		seen[strings.ToLower(got)] = true
		if strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(got) > 60 {
			t.Errorf("%q: got: %s, want: what every file system takes", name, got)
		}
		if filepath.Dir(Path(folder)) != "state" {
			t.Errorf("%q: got: %s, want: a folder in state", name, Path(folder))
		}
		if got != Subfolder(name) {
			t.Errorf("%q: got: another name the second time", name)
		}
	}
}

func TestUnclaimed(t *testing.T) {
	dir := t.TempDir()
	_, err := Unclaimed(filepath.Join(dir, "missing"), map[string]bool{}, NewDisk())
	if err == nil {
		t.Error("no folder: got: no error, want: one")
	}
	for _, name := range []string{"claimed", "lost", "empty"} {
		folder := NewFolder(dir, name, NewDisk())
		file := stored(t, folder, noticeOf("Tim"))
		if name == "empty" {
			_ = Remove(folder, file)
		}
	}
	_ = os.Mkdir(filepath.Join(dir, "lost+found"), 0o700)
	_ = os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)
	got, err := Unclaimed(dir, map[string]bool{Subfolder("claimed"): true}, NewDisk())
	if err != nil || fmt.Sprint(got) != fmt.Sprint([]string{Subfolder("lost")}) {
		t.Errorf("got: %v and %v, want: the lost one", got, err)
	}
}

func TestWaitingIsOldestFirst(t *testing.T) {
	folder, _ := folderIn(t)
	waiting, err := Waiting(folder)
	if err != nil || len(waiting) != 0 {
		t.Errorf("no folder: got: %v and %v, want: nothing", waiting, err)
	}
	want := []string{}
	for _, second := range []int64{5, 3, 9, 1, 7} {
		notice := noticeOf("x")
		notice.Accepted = time.Unix(1700000000+second, 0)
		want = append(want, stored(t, folder, notice))
	}
	sort.Strings(want)
	put(t, folder, "new", "notes.txt", "no notice", time.Now())
	err = os.Mkdir(pathIn(folder, "new", "folder.json"), 0o700)
	if err != nil {
		t.Fatal(err)
	}
	err = os.Symlink(want[0], pathIn(folder, "new", "link.json"))
	if err != nil {
		t.Fatal(err)
	}
	waiting, err = Waiting(folder)
	got := []string{}
	for _, file := range waiting {
		got = append(got, file.Name)
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got: %v (%v), want: %v", got, err, want)
	}
	seconds := []int64{}
	for _, file := range waiting {
		seconds = append(seconds, Found(folder, file, time.Now()).Accepted.Unix()-1700000000)
	}
	if fmt.Sprint(seconds) != "[1 3 5 7 9]" {
		t.Errorf("got: %v, want: when they were accepted", seconds)
	}
}
