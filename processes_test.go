package signupwebhook

// What several processes on one stateDir do, of which some are killed.

import (
	"fmt"
	"math/rand"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// process is one Traefik of several on one stateDir.
type process struct {
	name     string
	disk     *trialDisk
	notifier *notifier
	acked    []string
}

// signUps is what clients do: all of them, one after the other.
func (p *process) signUps(count int, done *sync.WaitGroup) {
	defer done.Done()
	for i := 0; i < count; i++ {
		name := fmt.Sprint(p.name, "-", i)
		accept(p.notifier, event(name))
		if p.disk.isDead() {
			return // its client holds no answer
		}
		p.acked = append(p.acked, name)
	}
}

func (p *process) start(count int, done *sync.WaitGroup) {
	done.Add(1)
	go p.signUps(count, done)
}

func startProcess(t *testing.T, name, dir, address string) *process {
	t.Helper()
	p := &process{name: name, disk: newTrialDisk()}
	n, _ := startSpool(t, "shared@file", dir, address, p.disk)
	p.notifier = n
	return p
}

// kill ends a process: nothing of it reaches the disk or the receiver any more.
func (p *process) kill() {
	p.disk.kill()
	stop(p.notifier)
}

// Two processes on one folder, of which one is killed at a random moment and
// replaced: nothing is lost, and doubles share their id.
func TestTwoProcesses(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	doubles := 0
	for round := 0; round < 5; round++ {
		doubles += twoProcesses(t, random)
	}
	t.Logf("%d doubles", doubles)
}

func twoProcesses(t *testing.T, random *rand.Rand) int {
	t.Helper()
	statuses := []int{}
	for i := 0; i < 200; i++ {
		statuses = append(statuses, []int{200, 200, 200, 503}[random.Intn(4)])
	}
	receiver := newWebhook(t, statuses...)
	dir := stateFolder(t)
	one := startProcess(t, "one", dir, receiver.url)
	two := startProcess(t, "two", dir, receiver.url)
	done := &sync.WaitGroup{}
	one.start(40, done)
	two.start(40, done)
	time.Sleep(time.Duration(random.Intn(40)) * time.Millisecond)
	one.kill()
	three := startProcess(t, "three", dir, receiver.url)
	three.start(20, done)
	done.Wait()
	all := []*process{two, three}
	for _, p := range all {
		drain(t, p.notifier)
	}
	awaitBox(t, two.notifier, "new", 0)

	wanted := append(append(one.acked, two.acked...), three.acked...)
	sort.Strings(wanted)
	ids := map[string]string{}
	extra := len(receiver.got) - len(wanted)
	for len(receiver.got) > 0 {
		got := <-receiver.got
		checkID(t, ids, got.body, got.header.Get("Webhook-Id"))
	}
	for _, name := range wanted {
		if ids[greeting(name)] == "" {
			t.Errorf("%s is lost", name)
		}
	}
	return extra
}

func checkID(t *testing.T, ids map[string]string, body, id string) {
	t.Helper()
	if ids[body] != "" && ids[body] != id {
		t.Errorf("%q: got: %s and %s, want: one id", body, ids[body], id)
	}
	ids[body] = id
}

// drain lets the pauses pass until a notifier has nothing left.
func drain(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "all to be delivered", func() bool {
		hurryNow(n)
		return !busy(n)
	})
}

// What one process has delivered, the other does not send.
func TestTwoProcessesTakeTheSame(t *testing.T) {
	dir := stateFolder(t)
	folder := outbox.NewFolder(dir, "shared@file", outbox.NewDisk())
	for i := 0; i < 20; i++ {
		leave(t, folder, fmt.Sprint(i), time.Now().Add(-time.Minute))
	}
	receiver := newWebhook(t)
	idle := startProcess(t, "idle", dir, nowhere)
	if waiting(idle.notifier) != 20 {
		t.Errorf("got: %d, want: 20 that wait", waiting(idle.notifier))
	}
	busy := startProcess(t, "busy", dir, receiver.url)
	drain(t, busy.notifier)
	idle.notifier.join(spoolSettings(t, dir, receiver.url))
	drain(t, idle.notifier)
	if len(receiver.got) != 20 {
		t.Errorf("got: %d, want: each once", len(receiver.got))
	}
}

// The same account has the same id in every process.
func TestDoublesShareTheirID(t *testing.T) {
	receiver := newWebhook(t)
	first, _ := startSpool(t, "shared@file", stateFolder(t), receiver.url, newTrialDisk())
	second, _ := startSpool(t, "shared@file", stateFolder(t), receiver.url, newTrialDisk())
	ids := map[string]bool{}
	for _, n := range []*notifier{first, second} {
		accept(n, &openwebui.Event{Type: "signup", ID: "7", Name: "Tim", Time: time.Now()})
		id := awaitBody(t, receiver, "Tim").header.Get("Webhook-Id")
		ids[id] = true
		awaitIdle(t, n)
	}
	if len(ids) != 1 {
		t.Errorf("got: %v, want: one id", ids)
	}
}
