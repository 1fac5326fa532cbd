package outbox

import (
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	errJudgedFull   = errors.New("no space left on device")
	errJudgedBroken = errors.New("input/output error")
)

// JudgedDisk is a file system in memory that fails as planned.
type JudgedDisk struct {
	mu      *sync.Mutex
	which   string // operation fails: "Rename", the third for "3", from it on for "3+"
	failure string // is how
	count   int
	files   map[string]string
	times   map[string]time.Time
	folders map[string]bool
	release chan struct{}
	told    []string // each operation
}

// NewJudgedDisk takes a plan such as "3 ENOSPC".
func NewJudgedDisk(plan string) *JudgedDisk {
	which, failure, _ := strings.Cut(plan, " ")
	return &JudgedDisk{
		mu:      &sync.Mutex{},
		which:   which,
		failure: failure,
		files:   map[string]string{},
		times:   map[string]time.Time{},
		folders: map[string]bool{},
		release: make(chan struct{}),
	}
}

// Put makes a file, without a failure.
func (d *JudgedDisk) Put(path, data string, modified time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.addFolders(filepath.Dir(path))
	d.files[path] = data
	d.times[path] = modified
}

// Pass makes all files older.
func (d *JudgedDisk) Pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for path, modified := range d.times {
		d.times[path] = modified.Add(-by)
	}
}

// Wipe takes everything away.
func (d *JudgedDisk) Wipe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files = map[string]string{}
	d.folders = map[string]bool{}
}

// Release lets go what hangs.
func (d *JudgedDisk) Release() {
	close(d.release)
}

// Told is all that was asked.
func (d *JudgedDisk) Told() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.told, "\n")
}

// Tree is all that is there.
func (d *JudgedDisk) Tree() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	lines := []string{}
	for folder := range d.folders {
		lines = append(lines, folder+"/")
	}
	for name, data := range d.files {
		lines = append(lines, name+" "+data)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// begin counts an operation and returns how it is to fail.
func (d *JudgedDisk) begin(operation, path string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	d.told = append(d.told, strconv.Itoa(d.count)+" "+operation+" "+path)
	number, err := strconv.Atoi(strings.TrimSuffix(d.which, "+"))
	hit := d.which == operation
	if err == nil {
		hit = d.count == number
		if strings.HasSuffix(d.which, "+") {
			hit = d.count >= number
		}
	}
	if !hit {
		return ""
	}
	return d.failure
}

// fail returns the planned error, or nil.
func (d *JudgedDisk) fail(operation, path string) error {
	failure := d.begin(operation, path)
	switch failure {
	case "":
		return nil
	case "hang":
		<-d.release
		return nil
	case "panic":
		panic("planned")
	case "unsupported":
		return errors.ErrUnsupported
	}
	problem := errJudgedBroken
	if failure == "ENOSPC" {
		problem = errJudgedFull
	}
	if failure == "ENOENT" {
		problem = os.ErrNotExist
	}
	return &os.PathError{Op: operation, Path: path, Err: problem}
}

func (d *JudgedDisk) addFolders(path string) {
	for path != "." && path != "/" {
		d.folders[path] = true
		path = filepath.Dir(path)
	}
}

// isThere is called with the lock held. A file may be empty.
func (d *JudgedDisk) isThere(path string) bool {
	_, ok := d.files[path]
	return ok
}

// MkdirAll makes folders.
func (d *JudgedDisk) MkdirAll(path string) error {
	err := d.fail("MkdirAll", path)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.addFolders(path)
	return nil
}

// Write makes a file; one that fails leaves something.
func (d *JudgedDisk) Write(path string, data []byte) error {
	err := d.fail("Write", path)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.folders[filepath.Dir(path)] {
		return &os.PathError{Op: "Write", Path: path, Err: os.ErrNotExist}
	}
	if d.isThere(path) {
		return &os.PathError{Op: "Write", Path: path, Err: os.ErrExist}
	}
	text := string(data)
	if err != nil {
		text = "half of it" // where a time is cut differs
	}
	d.files[path] = text
	d.times[path] = judgedAt
	return err
}

// Rename moves a file.
func (d *JudgedDisk) Rename(from, to string) error {
	err := d.fail("Rename", from+" "+to)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	data := d.files[from]
	if !d.isThere(from) || !d.folders[filepath.Dir(to)] {
		return &os.PathError{Op: "Rename", Path: from, Err: os.ErrNotExist}
	}
	d.files[to] = data
	d.times[to] = d.times[from]
	delete(d.files, from)
	return nil
}

// SyncDir needs the folder.
func (d *JudgedDisk) SyncDir(path string) error {
	err := d.fail("SyncDir", path)
	if err != nil {
		return err
	}
	return d.missing("SyncDir", path)
}

func (d *JudgedDisk) missing(operation, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folders[path] {
		return nil
	}
	return &os.PathError{Op: operation, Path: path, Err: os.ErrNotExist}
}

// Read reads a file.
func (d *JudgedDisk) Read(path string, max int64) ([]byte, error) {
	err := d.fail("Read", path)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	data := []byte(d.files[path])
	if !d.isThere(path) {
		return nil, &os.PathError{Op: "Read", Path: path, Err: os.ErrNotExist}
	}
	if int64(len(data)) > max {
		data = data[:max]
	}
	return data, nil
}

// List lists the newest name first, as a disk may.
func (d *JudgedDisk) List(path string, max int) ([]File, error) {
	err := d.fail("List", path)
	if err == nil {
		err = d.missing("List", path)
	}
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	names := []string{}
	for name := range d.files {
		if filepath.Dir(name) == path {
			names = append(names, name)
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(names)))
	if max > 0 && len(names) > max {
		names = names[:max]
	}
	files := []File{}
	for _, name := range names {
		files = append(files, File{Name: filepath.Base(name), Modified: d.times[name]})
	}
	return files, nil
}

// Folders lists a folder's folders.
func (d *JudgedDisk) Folders(path string) ([]string, error) {
	err := d.fail("Folders", path)
	if err == nil {
		err = d.missing("Folders", path)
	}
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	names := []string{}
	for name := range d.folders {
		if filepath.Dir(name) == path {
			names = append(names, filepath.Base(name))
		}
	}
	sort.Strings(names)
	return names, nil
}

// Remove removes a file.
func (d *JudgedDisk) Remove(path string) error {
	err := d.fail("Remove", path)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.isThere(path) {
		return &os.PathError{Op: "Remove", Path: path, Err: os.ErrNotExist}
	}
	delete(d.files, path)
	return nil
}
