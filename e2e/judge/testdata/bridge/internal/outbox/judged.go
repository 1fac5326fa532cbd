package outbox

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// judgedAt is the time of every operation.
var judgedAt = time.Unix(1767225600, 0)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Folder":
		return judgeFolder(args)
	case "Unclaimed":
		return judgeUnclaimed(args)
	case "parse":
		notice, err := parse([]byte(args[0]))
		return judgedNotice(notice) + judgedProblem(err)
	case "Subfolder":
		return Subfolder(args[0])
	case "FileName":
		nanoseconds, _ := strconv.ParseInt(args[0], 10, 64)
		return FileName(&Notice{Accepted: time.Unix(0, nanoseconds)})
	case "Found":
		folder := NewFolder(args[0], args[1], NewJudgedDisk(""))
		notice := Found(folder, File{Name: args[2], Modified: judgedAt}, time.Now())
		return FilePath(notice) + " " + judgedNotice(notice)
	case "Patience":
		return judgePatience(args)
	case "hanging":
		count, _ := strconv.Atoi(args[0])
		return judgeHanging(count)
	}
	return "no function " + name
}

func judgedProblem(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrGone):
		return " gone"
	case errors.Is(err, ErrForeign):
		return " foreign"
	case errors.Is(err, ErrSlow):
		return " slow"
	case errors.Is(err, ErrHanging):
		return " hanging"
	}
	return " failed: " + err.Error()
}

func judgedNotice(notice *Notice) string {
	if notice == nil {
		return "none"
	}
	// The fields one by one: in the interpreter, a map of ours and one of
	// encoding/json's are not told apart, but nil and empty must be.
	fields := []string{}
	for key, value := range notice.Fields {
		fields = append(fields, strconv.Quote(key)+"="+strconv.Quote(value))
	}
	sort.Strings(fields)
	return fmt.Sprintf("%q %s %t %v %q %t", notice.ID, notice.Accepted.UTC().Format(time.RFC3339Nano), notice.Fields == nil, fields, notice.File, notice.Stored)
}

// judgedFolder is a folder and what was done with it.
type judgedFolder struct {
	disk   *JudgedDisk
	folder *Folder
	told   []string
}

// judgeFolder takes a plan of failures, and operations: a word, a name and
// more.
func judgeFolder(args []string) string {
	disk := NewJudgedDisk(args[0])
	f := &judgedFolder{disk: disk, folder: NewFolder("state", "Judged@file", disk)}
	for _, operation := range args[1:] {
		words := strings.SplitN(operation, " ", 3)
		for len(words) < 3 {
			words = append(words, "")
		}
		f.told = append(f.told, "> "+operation+":"+f.guarded(words[0], words[1], words[2]))
	}
	f.told = append(f.told, disk.Told(), disk.Tree(), fmt.Sprint("made ", Makings(f.folder), " times, unsynced ", Unsynced(f.folder)))
	return strings.Join(f.told, "\n")
}

// guarded tells of a panic that the disk threw, as it tells of an error.
func (f *judgedFolder) guarded(word, name, rest string) string {
	result := &judgedResult{}
	f.doInto(result, word, name, rest)
	return result.text
}

type judgedResult struct {
	text string
}

func (f *judgedFolder) doInto(result *judgedResult, word, name, rest string) {
	defer func() {
		r := recover()
		if r != nil {
			result.text = " panic: " + fmt.Sprint(r)
		}
	}()
	result.text = f.do(word, name, rest)
}

func (f *judgedFolder) do(word, name, rest string) string {
	number, _ := strconv.Atoi(rest)
	notice := &Notice{
		ID:       "msg_" + name,
		File:     name + ".json",
		Folder:   f.folder,
		Accepted: judgedAt.Add(time.Duration(len(name)) * time.Minute),
		Fields:   map[string]string{"name": "N " + rest, "email": rest},
	}
	switch word {
	case "write":
		return judgedProblem(Write(f.folder, notice.File, notice))
	case "read":
		read, err := Read(f.folder, notice.File)
		return judgedNotice(read) + judgedProblem(err)
	case "remove":
		return judgedProblem(Remove(f.folder, notice.File))
	case "clear":
		notice.Failure = rest
		return judgedProblem(Clear(notice))
	case "unread": // given up while its fields are in the file alone
		notice.Failure = rest
		notice.Fields = nil
		return judgedProblem(Clear(notice))
	case "revive":
		names, err := Revive(f.folder)
		revived := []string{}
		for name := range names {
			revived = append(revived, name)
		}
		sort.Strings(revived)
		return fmt.Sprintf(" %q", revived) + judgedProblem(err)
	case "waiting":
		files, err := Waiting(f.folder)
		return judgedFiles(files) + judgedProblem(err)
	case "clean":
		return strconv.Itoa(CleanUp(f.folder, judgedAt))
	case "put": // a file that is that many hours old
		f.disk.Put(Path(f.folder)+"/"+name, `{"version":1,"id":"put","accepted":"2026-01-01T00:00:00Z","fields":{}}`, judgedAt.Add(-time.Duration(number)*time.Hour))
	case "data":
		f.disk.Put(Path(f.folder)+"/"+name, rest, judgedAt)
	case "fill":
		for i := 0; i < number; i++ {
			f.disk.Put(Path(f.folder)+"/"+name+"/"+strconv.Itoa(10000+i)+".json", "x", judgedAt)
		}
	case "wipe":
		f.disk.Wipe()
	}
	return ""
}

func judgedFiles(files []File) string {
	text := strconv.FormatBool(files == nil)
	for _, file := range files {
		text += fmt.Sprintf(" %q %s", file.Name, file.Modified.Sub(judgedAt).String())
	}
	return text
}

// judgeUnclaimed takes a plan of failures, the claimed folders, and files.
func judgeUnclaimed(args []string) string {
	disk := NewJudgedDisk(args[0])
	claimed := map[string]bool{}
	for _, name := range strings.Fields(args[1]) {
		claimed[name] = true
	}
	for _, path := range args[2:] {
		disk.Put("state/"+path, "x", judgedAt)
	}
	found, err := Unclaimed("state", claimed, disk)
	return fmt.Sprintf("%q", found) + judgedProblem(err) + "\n" + disk.Told()
}

// judgePatience waits for operations that end in the given ways.
func judgePatience(kinds []string) string {
	p := NewPatience()
	told := ""
	for _, kind := range kinds {
		told += judgeAttempt(p, kind) + ";"
	}
	return told
}

func judgeAttempt(p *Patience, kind string) string {
	late := ""
	err := Await(p, func() error {
		if kind == "panic" {
			panic("planned")
		}
		if kind == "" {
			return nil
		}
		return errors.New(kind)
	}, func(_ error) { late = " late" })
	return judgedProblem(err) + late
}

// judgedHanging is a disk that hangs.
type judgedHanging struct {
	patience *Patience
	release  chan struct{}
	ended    chan string
	late     chan string
	running  *sync.WaitGroup
}

func newJudgedHanging(count int) *judgedHanging {
	return &judgedHanging{
		patience: NewPatience(),
		release:  make(chan struct{}),
		ended:    make(chan string, count),
		late:     make(chan string, count),
		running:  &sync.WaitGroup{},
	}
}

// judgeHanging starts that many operations that end too late.
func judgeHanging(count int) string {
	// One by itself goes before: see the plugin's rehearsal.
	first := newJudgedHanging(1)
	close(first.release)
	first.start()
	first.running.Wait()

	h := newJudgedHanging(count)
	for i := 0; i < count; i++ {
		h.start()
	}
	h.running.Wait()
	close(h.release)
	counts := map[string]int{}
	for i := 0; i < count; i++ {
		end := <-h.ended
		counts[end]++
	}
	for i := counts[" slow"]; i > 0; i-- {
		end := <-h.late
		counts[end]++
	}
	afterwards := Await(h.patience, func() error { return nil }, func(_ error) {})
	return fmt.Sprint("slow ", counts[" slow"], " hanging ", counts[" hanging"], " late ", counts["late  failed: too late"], judgedProblem(afterwards))
}

func (h *judgedHanging) start() {
	h.running.Add(1)
	go h.run()
}

func (h *judgedHanging) run() {
	defer h.running.Done()
	err := Await(h.patience, h.operation, h.endedLate)
	h.ended <- judgedProblem(err)
}

func (h *judgedHanging) operation() error {
	<-h.release
	return errors.New("too late")
}

func (h *judgedHanging) endedLate(err error) {
	h.late <- "late " + judgedProblem(err)
}
