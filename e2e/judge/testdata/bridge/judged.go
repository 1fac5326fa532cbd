package signupwebhook

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
	"github.com/traefik-openwebui/signupwebhook/internal/schedule"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "outage":
		return judgeOutage(args)
	case "deliver":
		return judgeDeliver(args)
	}
	return "no function " + name
}

// judgeOutage takes seconds and reasons, separated by a blank; no reason for a
// delivery.
func judgeOutage(args []string) string {
	o := newOutage()
	told := ""
	for _, arg := range args {
		after, reason, _ := strings.Cut(arg, " ")
		seconds, _ := strconv.Atoi(after)
		now := time.Unix(int64(seconds), 0)
		switch reason {
		case "":
			told += ended(o, now).String()
		case "given up":
			told += strconv.Itoa(gaveUp(o))
		default:
			told += strconv.FormatBool(failed(o, reason, now))
		}
		told += fmt.Sprint(" ", o.failures, "; ")
	}
	return told
}

// judgedDelivery is a notifier on a disk in memory, its receiver and its log.
type judgedDelivery struct {
	notifier *notifier
	disk     *outbox.JudgedDisk
	answers  []string // of the receiver, one for each try; in the end it takes all
	version  int      // of the configuration
	others   int      // files that other processes have left
	log      []string
}

// judgeDeliver takes a plan of the disk's failures and lines of a word and
// more. All of it happens in this goroutine, but for what the disk does.
func judgeDeliver(args []string) string {
	d := &judgedDelivery{disk: outbox.NewJudgedDisk(args[0])}
	var transport http.RoundTripper = d
	d.notifier = newNotifier("judged@file", delivery.NewClient(transport), d.disk)
	d.notifier.say = d.say
	d.notifier.note = d.say
	for _, line := range args[1:] {
		word, rest, _ := strings.Cut(line, " ")
		d.say("> " + line)
		d.do(word, rest)
	}
	n := d.notifier
	n.mu.Lock()
	told := append(d.log, fmt.Sprint(schedule.Len(n.schedule), " wait, ", n.spool.unstored, " of them unstored, known ", len(n.spool.known)))
	n.mu.Unlock()
	told = append(told, d.disk.Told(), judgedTree, d.disk.Tree())
	// What hung may end as it likes; nobody looks.
	d.disk.Release()
	return steady(strings.Join(told, "\n"))
}

func (d *judgedDelivery) say(line string) {
	d.log = append(d.log, line)
}

func (d *judgedDelivery) do(word, rest string) {
	n := d.notifier
	n.working = true // so that nothing below starts a goroutine
	switch word {
	case "join": // a configuration with that message
		d.version++
		options := CreateConfig()
		options.WebhookURL = "http://receiver.invalid/key"
		options.Message = rest
		options.AnswerContains = "taken"
		options.Headers = map[string]string{"Version": strconv.Itoa(d.version)}
		options.StateDir = "state"
		s, _ := config.Check(options, "")
		n.closed = true // nor a timer
		n.join(s)
		n.closed = false
	case "watch": // everything, and learns for that long
		d.watch(rest)
	case "guest": // an id that is seen signed in
		d.receive(&openwebui.Event{Type: openwebui.FirstSeen, ID: rest, Name: "Guest " + rest, Email: rest + "@example.org", Role: "user", Time: time.Now()})
	case "newcomer": // one who signs up, under first-seen alone
		d.receive(&openwebui.Event{Type: openwebui.FirstSeen, ID: rest, Name: "New " + rest, Email: rest + "@example.org", Role: "admin", SignUp: true, Made: true, Time: time.Now()})
	case "pending": // one who signs up and waits for MFA
		accept(n, &openwebui.Event{Type: "signup", Name: "Pending", Email: rest + "@example.org", SignUp: true, Made: true, Time: time.Now()})
	case "event":
		accept(n, &openwebui.Event{Type: "signup", ID: rest, Name: "Name " + rest, Email: rest + "@example.org", Role: "user", Time: time.Now()})
	case "old": // an event that is given up after its first try
		accept(n, &openwebui.Event{Type: "signup", ID: rest, Name: "Old", Time: time.Now().Add(-100 * time.Hour)})
	case "answers":
		d.answers = strings.Fields(rest)
	case "work":
		schedule.Hurry(n.schedule, time.Now())
		work(n)
		stopTimer(n)
	case "scan":
		d.scan()
		n.stopScan()
	case "hourly": // the scan that removes what is too old
		n.spool.scans = cleanEvery
		d.scan()
		n.stopScan()
	case "wipe":
		d.disk.Wipe()
	case "other":
		d.other(strings.Fields(rest))
	case "pass":
		by, _ := time.ParseDuration(rest)
		d.pass(by)
	case "put":
		name, data, _ := strings.Cut(rest, " ")
		d.disk.Put(outbox.Path(outbox.NewFolder("state", "judged@file", d.disk))+"/new/"+name, data, time.Unix(0, 0))
	}
}

// other is a file that another process has left: how long ago that accepted and
// how long ago it wrote it, the name's ending, and who it is about; nobody for
// one that is damaged.
func (d *judgedDelivery) other(words []string) {
	now := time.Now()
	acceptedAgo, _ := time.ParseDuration(words[0])
	writtenAgo, _ := time.ParseDuration(words[1])
	accepted := now.Add(-acceptedAgo)
	d.others++
	name := fmt.Sprintf("%020d-%012x%s", accepted.UnixNano(), d.others, words[2])
	data := `{"version":1,"id":"msg_`
	if len(words) > 3 {
		data += words[3] + `","accepted":"` + accepted.UTC().Format(time.RFC3339Nano) + `","fields":{"name":"Other ` + words[3] + `"}}`
	}
	d.disk.Put(outbox.Path(outbox.NewFolder("state", "judged@file", d.disk))+"/new/"+name, data, now.Add(-writtenAgo))
}

// pass has that much time pass: the clock stays, and what is known and what is
// on the disk grows older.
func (d *judgedDelivery) pass(by time.Duration) {
	n := d.notifier
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, notice := range n.spool.known {
		notice.Accepted = notice.Accepted.Add(-by)
	}
	d.disk.Pass(by)
}

// watch is a configuration with all events.
func (d *judgedDelivery) watch(learnFor string) {
	n := d.notifier
	options := CreateConfig()
	options.WebhookURL = "http://receiver.invalid/key"
	options.Message = "{event} {name}"
	options.AnswerContains = "taken"
	options.StateDir = "state"
	options.Events = openwebui.Events()
	options.LearnFor = learnFor
	s, problems := config.Check(options, "")
	if s == nil {
		d.say(strings.Join(problems, "; "))
		return
	}
	n.still = true
	n.closed = true
	n.join(s)
	n.closed = false
	n.guests.others.working = true
	n.guests.signUps.working = true
	n.receive(n.guests.others)
}

// receive sees somebody, in this goroutine.
func (d *judgedDelivery) receive(event *openwebui.Event) {
	n := d.notifier
	n.guests.others.working = true
	n.guests.signUps.working = true
	see(n, event)
	n.receive(n.guests.signUps)
	n.receive(n.guests.others)
}

// scan is the notifier's, but for the order in which it takes away what is
// done, and what is too old: that of a map.
func (d *judgedDelivery) scan() {
	n := d.notifier
	defer func() {
		if report(n, recover()) {
			n.scanAgain()
		}
	}()
	look := n.beginScan()
	if look == nil {
		return
	}
	sort.Strings(look.tooOld)
	err := look.look()
	n.guests.others.working = true
	n.guests.signUps.working = true // so that it starts no goroutine
	done := n.endScan(look, err)
	n.receive(n.guests.others)
	sort.Slice(done, func(a, b int) bool { return done[a].File < done[b].File })
	for _, notice := range done {
		if !clearNotice(n, notice) {
			return
		}
	}
}

// RoundTrip answers as the script says.
func (d *judgedDelivery) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	answer := "200"
	if len(d.answers) > 0 {
		answer = d.answers[0]
		d.answers = d.answers[1:]
	}
	d.say(fmt.Sprintf("%s to %s with %s: %q", answer, req.URL.String(), req.Header.Get("Webhook-Id"), body))
	status, err := strconv.Atoi(answer)
	if err != nil {
		return nil, errors.New(answer)
	}
	var taken io.ReadCloser = io.NopCloser(strings.NewReader("taken"))
	if status == 299 {
		taken = io.NopCloser(strings.NewReader("not so"))
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: taken, Request: req}, nil
}

var (
	judgedFile     = regexp.MustCompile(`\d{20}-[0-9a-f]{12}(\.failed)?\.json`)
	judgedAccepted = regexp.MustCompile(`"accepted":"[^"]*"`)
	judgedLasted   = regexp.MustCompile(`delivered again after \S+,`)
	judgedMarker   = regexp.MustCompile(`[0-9a-f]{2}/[0-9a-f]{62}`)
	judgedKey      = regexp.MustCompile(`"key":"[^"]{44}","since":"[^"]*"`)
	judgedCheck    = regexp.MustCompile(`"check":"[0-9a-f]{16}"`)
	judgedTmp      = regexp.MustCompile(`key-[0-9a-f]{12}`)
	judgedUntil    = regexp.MustCompile(`until [0-9TZ:-]+ whoever`)
	judgedRandom   = regexp.MustCompile(`msg_[0-9a-f]{32}`)
	judgedNext     = regexp.MustCompile(`The next try is in [0-9hms.]*[hms]`)
)

// steady takes out what time and chance decide. The files' names become
// numbers, in their order.
func steady(text string) string {
	text = judgedAccepted.ReplaceAllString(text, `"accepted":"then"`)
	text = judgedLasted.ReplaceAllString(text, "delivered again,")
	text = judgedNext.ReplaceAllString(text, "the next try some time")
	text = judgedKey.ReplaceAllString(text, `"key":"random"`)
	text = judgedCheck.ReplaceAllString(text, `"check":"its"`)
	text = judgedTmp.ReplaceAllString(text, "key-random")
	text = judgedUntil.ReplaceAllString(text, "until then whoever")
	text = numbered(text, judgedMarker, "marker ")
	text = numbered(text, judgedRandom, "msg_")
	names := judgedFile.FindAllString(text, -1)
	sort.Strings(names)
	for i, name := range distinct(names) {
		text = strings.ReplaceAll(text, name, "file"+strconv.Itoa(i)+".json")
	}
	told, tree, _ := strings.Cut(text, judgedTree)
	lines := strings.Split(tree, "\n")
	sort.Strings(lines)
	return told + strings.Join(lines, "\n")
}

// judgedTree stands before the files, some of which have random names.
const judgedTree = "there are:"

// numbered makes numbers of what chance has named, in the order in which it
// comes.
func numbered(text string, random *regexp.Regexp, prefix string) string {
	for i := 0; i < 1000; i++ {
		name := random.FindString(text)
		if name == "" {
			break
		}
		text = strings.ReplaceAll(text, name, prefix+strconv.Itoa(i))
	}
	return text
}

// distinct takes a sorted list.
func distinct(names []string) []string {
	list := []string{}
	last := ""
	for _, name := range names {
		if name != last {
			list = append(list, name)
		}
		last = name
	}
	return list
}
