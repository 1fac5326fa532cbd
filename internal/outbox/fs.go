package outbox

// The file system, and the seam at which a test puts one that fails.

import (
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// FS is what the outbox asks of a file system, and where a test puts one that
// fails. What is not there is os.ErrNotExist.
type FS interface {
	// MkdirAll makes a folder that its owner alone can enter, and those
	// above it. One that is there already is no error.
	MkdirAll(path string) error
	// Write makes a file that was not there, for its owner alone, and
	// returns when it is on the disk. Where there is one, it says
	// os.ErrExist and leaves it as it is; another error may leave a part.
	Write(path string, data []byte) error
	// Rename moves a file, and replaces one that has the name already.
	Rename(from, to string) error
	// SyncDir returns when what happened in a folder is on the disk. It
	// says errors.ErrUnsupported where there is no such thing.
	SyncDir(path string) error
	// Read returns a file's beginning, up to max bytes.
	Read(path string, max int64) ([]byte, error)
	// List returns up to max files of a folder, all for -1, in no order.
	List(path string, max int) ([]File, error)
	// Folders returns the names of the folders in one.
	Folders(path string) ([]string, error)
	// Remove removes a file.
	Remove(path string) error
}

// File is one file of a folder.
type File struct {
	Name     string
	Modified time.Time
}

// Disk is the real file system.
type Disk struct{}

// NewDisk returns the real file system.
func NewDisk() FS {
	return &Disk{}
}

// MkdirAll makes a folder.
func (d *Disk) MkdirAll(path string) error {
	return os.MkdirAll(path, 0o700)
}

// Write makes a file.
func (d *Disk) Write(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	closing := file.Close()
	if err == nil {
		err = closing
	}
	return err
}

// Rename moves a file.
func (d *Disk) Rename(from, to string) error {
	return os.Rename(from, to)
}

// SyncDir syncs a folder. Windows cannot, nor can some network file systems,
// which call it an invalid argument.
func (d *Disk) SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return errors.ErrUnsupported
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	err = folder.Sync()
	if err != nil && strings.HasSuffix(err.Error(), ": invalid argument") {
		return errors.ErrUnsupported
	}
	return err
}

// Read reads a file's beginning.
func (d *Disk) Read(path string, max int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, max))
}

// List lists a folder's files.
func (d *Disk) List(path string, max int) ([]File, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	entries, err := folder.ReadDir(max)
	if err == io.EOF {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files := make([]File, 0, len(entries))
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue // gone meanwhile, or none of ours
		}
		files = append(files, File{Name: entry.Name(), Modified: info.ModTime()})
	}
	return files, nil
}

// Folders lists a folder's folders.
func (d *Disk) Folders(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Remove removes a file.
func (d *Disk) Remove(path string) error {
	return os.Remove(path)
}
