package seen

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// judgedNow is when a script begins. The judged disk writes all files then.
var judgedNow = time.Unix(1767225600, 0)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Book":
		return judgeBook(args)
	case "recent":
		return judgeRecent(args)
	case "markOf":
		return markOf([]byte(args[0]), args[1], args[2])
	case "folderName":
		i, _ := strconv.Atoi(args[0])
		return folderName(i)
	case "parse":
		found := parse([]byte(args[0]))
		if found == nil {
			return "none"
		}
		return fmt.Sprintf("%x %s %t %t", found.key, found.since.UTC(), found.lost, found.learned)
	}
	return "no function " + name
}

// judgeRecent takes how many numbers are kept, and numbers: a negative one is
// asked for.
func judgeRecent(args []string) string {
	most, _ := strconv.Atoi(args[0])
	r := newRecent(most)
	told := ""
	for _, arg := range args[1:] {
		n, _ := strconv.Atoi(arg)
		if n < 0 {
			told += strconv.FormatBool(isRecent(r, uint64(-n))) + " "
		} else {
			r.add(uint64(n))
		}
		told += fmt.Sprint(len(r.newer), " ", len(r.older), "; ")
	}
	return told
}

// judgedBooks are two processes on one disk.
type judgedBooks struct {
	disk  *outbox.JudgedDisk
	books []*Book
	now   time.Time
	told  []string
}

// judgeBook takes a plan of the disk's failures, how many folders there are,
// and lines of a word, a book's number, and more.
func judgeBook(args []string) string {
	disk := outbox.NewJudgedDisk(args[0])
	folders, _ := strconv.Atoi(args[1])
	j := &judgedBooks{disk: disk, now: judgedNow}
	j.books = append(j.books, judgedBook(disk, folders), judgedBook(disk, folders))
	for _, line := range args[2:] {
		words := strings.Fields(line + " 0 0 0")
		told := j.guarded(words[0], words[1], words[2])
		j.told = append(j.told, "> "+line+": "+told)
	}
	j.told = append(j.told, disk.Told(), judgedTree, disk.Tree())
	disk.Release()
	return judgedSteady(strings.Join(j.told, "\n"))
}

func judgedBook(fs outbox.FS, folders int) *Book {
	b := NewBook("state/judged/seen", fs)
	b.folders = folders
	b.recent = newRecent(3)
	return b
}

type judgedResult struct {
	text string
}

// guarded tells of a panic that the disk threw.
func (j *judgedBooks) guarded(word, which, rest string) string {
	result := &judgedResult{}
	j.doInto(result, word, which, rest)
	return result.text
}

func (j *judgedBooks) doInto(result *judgedResult, word, which, rest string) {
	defer func() {
		r := recover()
		if r != nil {
			result.text = "panic: " + fmt.Sprint(r)
		}
	}()
	number, _ := strconv.Atoi(which)
	result.text = j.do(word, j.books[number%2], rest)
}

func (j *judgedBooks) do(word string, b *Book, rest string) string {
	seconds, _ := strconv.Atoi(rest)
	account := judgedAccount(rest)
	switch word {
	case "learn":
		b.LearnFor(time.Duration(seconds) * time.Second)
	case "open":
		lines, err := b.Check(j.now, nil)
		return judgedLines(lines, err)
	case "check":
		lines, err := b.Check(j.now, account)
		return judgedLines(lines, err)
	case "knows":
		return strconv.FormatBool(Knows(b, rest))
	case "remember":
		b.Remember(rest)
	case "find":
		known, err := b.Find(account)
		return fmt.Sprint(known, judgedProblem(err))
	case "mark":
		isFirst, err := b.Mark(account)
		return fmt.Sprint(isFirst, judgedProblem(err))
	case "due":
		lines, err := b.EndIfDue(j.now)
		return judgedLines(lines, err)
	case "new":
		lines, err := b.EndIfNew(j.now)
		return judgedLines(lines, err)
	case "learns":
		goesOn, left := b.Learns(j.now)
		return fmt.Sprint(goesOn, " ", left)
	case "step":
		j.now = j.now.Add(time.Duration(seconds) * time.Second)
	case "wipe":
		j.disk.Wipe()
	case "lose":
		_ = j.disk.Remove("state/judged/seen/" + rest)
	case "damage":
		j.disk.Put("state/judged/seen/key", rest, judgedNow)
	}
	return ""
}

// judgedAccount is an id, an address, or both with a comma between.
func judgedAccount(text string) *Account {
	id, email, both := strings.Cut(text, ",")
	if !both && strings.Contains(text, "@") {
		return &Account{Email: text}
	}
	return &Account{ID: id, Email: email}
}

func judgedLines(lines []string, err error) string {
	return strings.Join(lines, "; ") + judgedProblem(err)
}

func judgedProblem(err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, ErrUnsettled) {
		return " unsettled"
	}
	return " failed: " + err.Error()
}

var (
	judgedMarker = regexp.MustCompile(`[0-9a-f]{2}/[0-9a-f]{62}`)
	judgedKey    = regexp.MustCompile(`"key":"[^"]{44}"`)
	judgedCheck  = regexp.MustCompile(`"check":"[0-9a-f]{16}"`)
	judgedTmp    = regexp.MustCompile(`key-[0-9a-f]{12}`)
)

// judgedTree stands before the files, which are sorted by random names.
const judgedTree = "there are:"

// judgedSteady takes out what chance decides. Markers become numbers, in the
// order in which they come.
func judgedSteady(text string) string {
	text = judgedKey.ReplaceAllString(text, `"key":"random"`)
	text = judgedCheck.ReplaceAllString(text, `"check":"its"`)
	text = judgedTmp.ReplaceAllString(text, "key-random")
	for i := 0; i < 1000; i++ {
		marker := judgedMarker.FindString(text)
		if marker == "" {
			break
		}
		text = strings.ReplaceAll(text, marker, "marker "+strconv.Itoa(i))
	}
	told, tree, _ := strings.Cut(text, judgedTree)
	lines := strings.Split(tree, "\n")
	sort.Strings(lines)
	return told + strings.Join(lines, "\n")
}
