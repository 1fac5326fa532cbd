package outbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder is a disk that notes what is asked of it, and fails where a test
// wants it to.
type recorder struct {
	disk   FS
	fails  map[string]error // by operation
	failAt string           // only for paths that end so
	events []string
}

func newRecorder() *recorder {
	return &recorder{disk: NewDisk(), fails: map[string]error{}}
}

// note keeps the operation and the last two parts of its path.
func (r *recorder) note(operation, path string) error {
	place := filepath.Base(filepath.Dir(path))
	if strings.HasSuffix(path, ".json") {
		path = filepath.Join(place, "FILE")
	} else {
		path = filepath.Base(path)
	}
	r.events = append(r.events, operation+" "+path)
	if !strings.HasSuffix(path, r.failAt) {
		return nil
	}
	return r.fails[operation]
}

func (r *recorder) MkdirAll(path string) error {
	err := r.note("MkdirAll", path)
	if err != nil {
		return err
	}
	return r.disk.MkdirAll(path)
}

func (r *recorder) Write(path string, data []byte) error {
	err := r.note("Write", path)
	if err != nil {
		_ = r.disk.Write(path, data[:len(data)/2]) // as a full disk leaves it
		return err
	}
	return r.disk.Write(path, data)
}

func (r *recorder) Rename(from, to string) error {
	err := r.note("Rename", to)
	if err != nil {
		return err
	}
	return r.disk.Rename(from, to)
}

func (r *recorder) SyncDir(path string) error {
	err := r.note("SyncDir", path)
	if err != nil {
		return err
	}
	return r.disk.SyncDir(path)
}

func (r *recorder) Read(path string, max int64) ([]byte, error) {
	err := r.note("Read", path)
	if err != nil {
		return nil, err
	}
	return r.disk.Read(path, max)
}

func (r *recorder) List(path string, max int) ([]File, error) {
	err := r.note("List", path)
	if err != nil {
		return nil, err
	}
	return r.disk.List(path, max)
}

func (r *recorder) Folders(path string) ([]string, error) {
	return r.disk.Folders(path)
}

func (r *recorder) Remove(path string) error {
	err := r.note("Remove", path)
	if err != nil {
		return err
	}
	return r.disk.Remove(path)
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	disk := NewDisk()
	path := filepath.Join(dir, "x")
	err := disk.Write(path, []byte("12345"))
	if err != nil {
		t.Fatal(err)
	}
	err = disk.Write(path, []byte("other"))
	if !errors.Is(err, os.ErrExist) {
		t.Errorf("got: %v, want: no file of others to be overwritten", err)
	}
	data, err := disk.Read(path, 3)
	if err != nil || string(data) != "123" {
		t.Errorf("got: %q and %v, want: the first three bytes", data, err)
	}
	_ = disk.Write(filepath.Join(dir, "y"), nil)
	tests := []struct {
		max  int
		want int
	}{{max: -1, want: 2}, {max: 1, want: 1}}
	for _, test := range tests {
		files, err := disk.List(dir, test.max)
		if err != nil || len(files) != test.want {
			t.Errorf("at most %d: got: %v and %v, want: %d files", test.max, files, err, test.want)
		}
	}
	empty := filepath.Join(dir, "empty")
	_ = disk.MkdirAll(empty)
	for _, max := range []int{-1, 1} {
		files, err := disk.List(empty, max)
		if err != nil || len(files) != 0 {
			t.Errorf("an empty folder: got: %v and %v, want: nothing", files, err)
		}
	}
	err = disk.SyncDir(filepath.Join(dir, "missing"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got: %v, want: %v", err, os.ErrNotExist)
	}
}
