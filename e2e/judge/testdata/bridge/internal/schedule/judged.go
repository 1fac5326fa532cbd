package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// judgedAt is when every play begins.
var judgedAt = time.Unix(1767225600, 0)

// judgedOutcomes are how a try can end.
var judgedOutcomes = map[string]*delivery.Outcome{
	"delivered":  {Verdict: delivery.Delivered},
	"later":      {Verdict: delivery.Later},
	"alone":      {Verdict: delivery.Later, Alone: true},
	"unanswered": {Verdict: delivery.Later, Unanswered: true},
	"wait":       {Verdict: delivery.Later, Wait: 90 * time.Second},
	"hold":       {Verdict: delivery.Hold},
	"refused":    {Verdict: delivery.Hold, Alone: true},
	"longhold":   {Verdict: delivery.Hold, Alone: true, Wait: time.Hour},
	"aside":      {Verdict: delivery.Aside, Alone: true},
	"undecided":  {},
}

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "play":
		return judgePlay(args)
	case "ladder":
		step, _ := strconv.Atoi(args[1])
		steps := holdLadder
		if args[0] == "aside" {
			steps = asideLadder
		}
		return strconv.FormatInt(int64(ladder(steps, step)), 10)
	}
	return "no function " + name
}

// judgedPlay is a schedule and whoever owns it.
type judgedPlay struct {
	schedule *Schedule
	now      time.Time
	current  *Item // that Next returned and that is not done
	added    int
	told     []string
}

// judgePlay does what the words say and tells, after each, all there is to be
// seen.
func judgePlay(words []string) string {
	p := &judgedPlay{schedule: New(72 * time.Hour), now: judgedAt}
	for _, line := range words {
		word, rest, _ := strings.Cut(line, " ")
		p.do(word, rest)
		p.told = append(p.told, p.state())
	}
	return strings.Join(p.told, "\n")
}

func (p *judgedPlay) tell(text string) {
	p.told = append(p.told, text)
}

func (p *judgedPlay) do(word, rest string) {
	number, _ := strconv.Atoi(rest)
	seconds := time.Duration(number) * time.Second
	p.tell("> " + word + " " + rest)
	switch word {
	case "add": // a notice of some seconds ago
		p.added++
		Add(p.schedule, &outbox.Notice{ID: strconv.Itoa(p.added), Accepted: p.now.Add(-seconds)})
	case "next":
		p.next()
	case "done":
		p.done(rest)
	case "try": // or wait for whatever is next
		wait := p.next()
		p.done(rest)
		p.now = p.now.Add(wait)
	case "hurry":
		Hurry(p.schedule, p.now)
	case "retry":
		SetRetryFor(p.schedule, seconds)
	case "step":
		p.now = p.now.Add(seconds)
	case "drop":
		if p.current != nil {
			Drop(p.schedule, p.current)
			p.current = nil
		}
	case "defer":
		if p.current != nil {
			Defer(p.schedule, p.current, p.now)
			p.current = nil
		}
	}
}

func (p *judgedPlay) next() time.Duration {
	item, wait := Next(p.schedule, p.now)
	p.current = item
	if item != nil {
		p.tell("next is " + item.Notice.ID)
	} else {
		p.tell("none for " + wait.String())
	}
	return wait
}

func (p *judgedPlay) done(kind string) {
	if p.current == nil {
		return
	}
	result := Done(p.schedule, p.current, judgedOutcomes[kind], p.now)
	p.current = nil
	p.tell(fmt.Sprint("delivered ", result.Delivered, " hold ", result.Hold, " silent ", result.Silent, " aside ", result.Aside, " wait ", result.Wait.String()))
	for _, item := range result.GivenUp {
		p.tell("given up " + p.item(item))
	}
}

func (p *judgedPlay) state() string {
	s := p.schedule
	text := fmt.Sprint(
		p.now.Sub(judgedAt).String(), ", ", Len(s), " wait, tried ", s.tried, " turn ", s.turn, " yield ", s.yield, " resume ", p.since(s.resume), " blameless ", s.blameless,
		" probed ", p.since(s.probed), " failures ", s.failures, " holds ", s.holds, " unanswered ", s.unanswered, ":",
	)
	for _, item := range s.queue {
		text += " " + p.item(item)
	}
	text += ", aside:"
	for _, item := range s.aside {
		text += " " + p.item(item)
	}
	return text
}

func (p *judgedPlay) since(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Sub(judgedAt).String()
}

func (p *judgedPlay) item(item *Item) string {
	return fmt.Sprint(item.Notice.ID, "(", item.Tries, " ", item.failed, " ", item.asides, " ", item.isAside, " ", p.since(item.due), ")")
}
