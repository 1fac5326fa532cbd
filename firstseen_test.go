package signupwebhook

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/openwebui"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// saying is an upstream that answers with what the request's header says.
func saying(rw http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	status, err := strconv.Atoi(req.Header.Get("Status"))
	if err != nil {
		status = http.StatusOK
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, req.Header.Get("Answer"))
}

// house is a middleware as one process of Traefik has it.
type house struct {
	handler http.Handler
	n       *notifier
	lines   *journal
}

// houseIn starts one on a stateDir.
func houseIn(t *testing.T, dir, address, learnFor string, disk *trialDisk, events ...string) *house {
	t.Helper()
	s := houseSettings(t, dir, address, learnFor, events...)
	var fs outbox.FS = disk
	n := newNotifier(t.Name(), delivery.NewClient(nil), fs)
	lines := &journal{mu: &sync.Mutex{}}
	n.say = lines.say
	n.note = silence
	n.forget = func(_ string) {}
	n.join(s)
	t.Cleanup(func() { end(t, n) })
	var next http.Handler = http.HandlerFunc(saying)
	m := &middleware{next: next, name: t.Name(), watched: openwebui.Watched(events), notifier: n}
	var handler http.Handler = m
	return &house{handler: handler, n: n, lines: lines}
}

func houseSettings(t *testing.T, dir, address, learnFor string, events ...string) *config.Settings {
	t.Helper()
	options := CreateConfig()
	options.WebhookURL = address
	options.StateDir = dir
	options.Events = events
	options.LearnFor = learnFor
	options.Message = "{event} {name} {role}"
	s, problems := config.Check(options, "")
	if s == nil {
		t.Fatal(problems)
	}
	return s
}

// account is an answer that shows one.
func account(name, role string) string {
	return fmt.Sprintf(`{"id":"id-%s","name":"%s","role":"%s","email":"%s@example.org","token":"t"}`, name, name, role, strings.ToLower(name))
}

const (
	sessionCheck = "GET /api/v1/auths/"
	signIn       = "POST /api/v1/auths/signin"
	signUpPage   = "POST /api/v1/auths/signup"
	ldap         = "POST /api/v1/auths/ldap"
	adding       = "POST /api/v1/auths/add"
	provisioning = "POST /api/v1/scim/v2/Users"
	enrolment    = "POST /api/v1/auths/mfa/enroll/confirm"
	exchanging   = "POST /api/v1/auths/oauth/o\n%69dc/token/exchange\n"
)

const pendingStep = `{"next_step":"pending"}`

// visit lets one request through, and waits until it has come to rest.
func (h *house) visit(t *testing.T, door, answer string) {
	t.Helper()
	h.visitWith(door, answer, "")
	awaitQuiet(t, h.n)
}

// visitWith sends a body too, and waits for nothing. A number before the
// answer is its status.
func (h *house) visitWith(door, answer, body string) {
	method, path, _ := strings.Cut(door, " ")
	req := httptest.NewRequest(method, "/", strings.NewReader(body))
	req.URL.Path = path
	status, rest, found := strings.Cut(answer, " {")
	if found {
		req.Header.Set("Status", status)
		answer = "{" + rest
	}
	req.Header.Set("Answer", answer)
	h.handler.ServeHTTP(httptest.NewRecorder(), req)
}

// awaitQuiet waits until nobody is looked for and nothing waits. The first scan
// looks at the book, so it is waited for, too.
func awaitQuiet(t *testing.T, n *notifier) {
	t.Helper()
	await(t, "nobody left to look for", func() bool { return hasScanned(n) && !isReceiving(n) && !busy(n) })
}

func isReceiving(n *notifier) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.guests.others.working || n.guests.signUps.working || n.guests.opening
}

// told is what a receiver got, in order.
func (w *webhook) told() string {
	all := []string{}
	for len(w.got) > 0 {
		received := <-w.got
		got := received
		all = append(all, got.body)
	}
	return strings.Join(all, ", ")
}

func TestDoors(t *testing.T) {
	all := []string{"signup", "user-added", "scim", "first-seen"}
	tests := []struct {
		desc     string
		events   []string
		learnFor string
		visits   [][]string // door, answer, and the request's body
		want     string
	}{
		{desc: "a session check, and again", events: []string{"first-seen"}, learnFor: "0s", visits: [][]string{
			{sessionCheck, account("Tim", "user"), ""},
			{sessionCheck, account("Tim", "user"), ""},
			{signIn, account("Tim", "user"), ""},
		}, want: "first-seen Tim user"},
		{desc: "each door", events: []string{"first-seen"}, learnFor: "0s", visits: [][]string{
			{signIn, account("A", "user"), ""},
			{ldap, account("B", "user"), ""},
			{enrolment, account("C", "user"), ""},
			{exchanging, account("D", "user"), ""},
			{signUpPage, account("E", "pending"), ""},
		}, want: "first-seen A user, first-seen B user, first-seen C user, first-seen D user, first-seen E pending"},
		{desc: "other events alone", events: []string{"scim", "user-added"}, visits: [][]string{
			{signIn, account("A", "user"), ""},
			{signUpPage, account("B", "pending"), ""},
			{adding, account("C", "user"), ""},
			{provisioning, `201 {"id":"4","displayName":"D","emails":[{"value":"d@example.org"}]}`, ""},
			{provisioning, `200 {"id":"5","displayName":"E"}`, ""},
		}, want: "user-added C user, scim D "},
		{desc: "those who are known while it learns, and the new", events: all, visits: [][]string{
			{sessionCheck, account("Old", "admin"), ""},
			{ldap, account("Ldap", "user"), ""},
			{signUpPage, account("New", "pending"), ""},
			{sessionCheck, account("New", "pending"), ""},
			{adding, account("Added", "user"), ""},
			{signIn, account("Added", "user"), ""},
		}, want: "signup New pending, user-added Added user"},
		{desc: "a sign-up while it learns, without the event", events: []string{"first-seen"}, visits: [][]string{
			{sessionCheck, account("Old", "admin"), ""},
			{signUpPage, account("New", "pending"), ""},
			{sessionCheck, account("New", "pending"), ""},
		}, want: "first-seen New pending"},
		{desc: "a new instance", events: all, visits: [][]string{
			{signUpPage, account("Admin", "admin"), ""},
			{sessionCheck, account("Admin", "admin"), ""},
			{ldap, account("Ldap", "user"), ""},
		}, want: "signup Admin admin, first-seen Ldap user"},
		{desc: "a new instance, first-seen alone", events: []string{"first-seen"}, visits: [][]string{
			{signUpPage, account("Admin", "admin"), ""},
			{sessionCheck, account("Admin", "admin"), ""},
			{ldap, account("Ldap", "user"), ""},
		}, want: "first-seen Admin admin, first-seen Ldap user"},
		{desc: "an old instance with one more admin", events: all, visits: [][]string{
			{sessionCheck, account("Admin", "admin"), ""},
			{adding, account("Second", "admin"), ""},
			{ldap, account("Ldap", "user"), ""},
		}, want: "user-added Second admin"},
		{desc: "MFA", events: all, learnFor: "0s", visits: [][]string{
			{signUpPage, pendingStep, `{"name":"Tim","email":"TIM@example.org","password":"x"}`},
			{signIn, `{"next_step":"enroll","challenge_token":"x"}`, `{"email":"tim@example.org"}`},
			{enrolment, account("Tim", "user"), ""},
			{enrolment, account("Tim", "user"), ""},
			{signUpPage, pendingStep, `{"name":"Tim","email":"tim@example.org","password":"x"}`},
		}, want: "signup Tim , signup Tim "},
		{desc: "MFA, while it learns, first-seen alone", events: []string{"first-seen"}, visits: [][]string{
			{signUpPage, pendingStep, `{"name":"Tim","email":"TIM@example.org","password":"x"}`},
			{enrolment, account("Tim", "user"), ""},
		}, want: "first-seen Tim "},
		{desc: "what is no account", events: all, learnFor: "0s", visits: [][]string{
			{signIn, `401 {"detail":"no"}`, ""},
			{sessionCheck, `{"name":"Tim","email":"a@b"}`, ""},
			{sessionCheck, `[{"id":"1"}]`, ""},
			{sessionCheck, `{"id":{"id":"1"}}`, ""},
			{sessionCheck, ``, ""},
			{sessionCheck, `204 {"id":null}`, ""},
			{signIn, `302 {"id":"1"}`, ""},
			{"GET /api/v1/auths", account("Tim", "user"), ""},
			{"POST /api/v1/auths/", account("Tim", "user"), ""},
			{"POST /api/v1/auths/oauth//token/exchange", account("Tim", "user"), ""},
			{"POST /api/v1/auths/oauth/a/b/token/exchange", account("Tim", "user"), ""},
		}},
		{desc: "without a name", events: []string{"first-seen"}, learnFor: "0s", visits: [][]string{
			{signIn, `{"id":"1","name":" ","role":"user","email":"a@b"}`, ""},
			{signIn, `{"id":"2"}`, ""},
		}, want: "first-seen a@b user, first-seen (unbekannt) "},
	}
	for _, test := range tests {
		receiver := newWebhook(t)
		h := houseIn(t, stateFolder(t), receiver.url, test.learnFor, newTrialDisk(), test.events...)
		for _, visit := range test.visits {
			h.visitWith(visit[0], visit[1], visit[2])
			awaitQuiet(t, h.n)
		}
		got := receiver.told()
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
		if strings.Contains(h.lines.text(), "fault") {
			t.Errorf("%s: got: %s, want: no fault", test.desc, h.lines.text())
		}
	}
}

// An account is announced once after a restart and by two processes too.
func TestOnceForAll(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	first := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "signup", "first-seen")
	second := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "signup", "first-seen")
	awaitQuiet(t, first.n)
	awaitQuiet(t, second.n)
	done := &sync.WaitGroup{}
	for i := 0; i < 30; i++ {
		name := fmt.Sprint(i % 10)
		done.Add(2)
		first.startVisit(sessionCheck, account(name, "user"), done)
		second.startVisit(signIn, account(name, "user"), done)
	}
	done.Wait()
	awaitQuiet(t, first.n)
	awaitQuiet(t, second.n)
	counts := map[string]int{}
	for _, name := range strings.Split(receiver.told(), ", ") {
		counts[name]++
	}
	for i := 0; i < 10; i++ {
		name := fmt.Sprintf("first-seen %d user", i)
		if counts[name] != 1 {
			t.Errorf("%s: got: %d, want: 1", name, counts[name])
		}
	}
	first.visit(t, signUpPage, account("Up", "pending"))
	second.visit(t, sessionCheck, account("Up", "pending"))
	stop(first.n)
	stop(second.n)
	third := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "signup", "first-seen")
	for i := 0; i < 10; i++ {
		third.visit(t, sessionCheck, account(fmt.Sprint(i), "user"))
	}
	got := receiver.told()
	if got != "signup Up pending" {
		t.Errorf("got: %q, want: the sign-up alone", got)
	}
}

func (h *house) startVisit(door, answer string, done *sync.WaitGroup) {
	go h.runVisit(door, answer, done)
}

func (h *house) runVisit(door, answer string, done *sync.WaitGroup) {
	defer done.Done()
	h.visitWith(door, answer, "")
}

// The same account by two events has the same id.
func TestSameIDForEveryEvent(t *testing.T) {
	ids := map[string]bool{}
	for _, events := range [][]string{{"signup"}, {"first-seen"}} {
		receiver := newWebhook(t)
		h := houseIn(t, stateFolder(t), receiver.url, "0s", newTrialDisk(), events...)
		h.visitWith(signUpPage, account("Tim", "user"), "")
		got := receiver.await(t)
		ids[got.header.Get("Webhook-Id")] = true
	}
	if len(ids) != 1 {
		t.Errorf("got: %v, want: the same", ids)
	}
}

// A kill between the notice and the marker loses nobody.
func TestKilledBeforeTheMarker(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	disk := newTrialDisk()
	h := houseIn(t, dir, nowhere, "0s", disk, "first-seen")
	awaitQuiet(t, h.n)
	release := disk.hang("Read") // in Check, before anything is decided
	h.visitWith(sessionCheck, account("Tim", "user"), "")
	await(t, "the check", func() bool { return disk.mostHung() > 0 })
	// The next marker's writing hangs for ever; that of the notice does not.
	stuck := disk.hangAt("seen")
	disk.unhang("Read")
	close(release)
	awaitBox(t, h.n, "new", 1)
	await(t, "the marker", func() bool { return disk.isStuck() })
	stop(h.n)

	after := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "first-seen")
	first := receiver.await(t)
	after.visit(t, sessionCheck, account("Tim", "user"))
	after.visit(t, sessionCheck, account("Tim", "user"))
	second := receiver.await(t)
	if first.body != "first-seen Tim user" || first.header.Get("Webhook-Id") != second.header.Get("Webhook-Id") {
		t.Errorf("got: %q and %q, want: the same, with the same id", first.body, second.body)
	}
	got := receiver.told()
	if got != "" {
		t.Errorf("got: %q, want: nothing more", got)
	}
	close(stuck)
}

func TestSeenFolderFails(t *testing.T) {
	tests := []struct {
		desc      string
		operation string
	}{
		{desc: "nothing can be written", operation: "Write"},
		{desc: "nothing can be read", operation: "Read"},
	}
	for _, test := range tests {
		receiver := newWebhook(t)
		disk := newTrialDisk()
		h := houseIn(t, stateFolder(t), receiver.url, "0s", disk, "signup", "first-seen")
		awaitQuiet(t, h.n)
		disk.fail(test.operation, diskError("read-only file system"))
		for i := 0; i < 30; i++ {
			h.visit(t, sessionCheck, account("Tim", "user"))
		}
		h.visit(t, signUpPage, account("Up", "pending"))
		h.visit(t, sessionCheck, account("Up", "pending"))
		got := receiver.told()
		if got != "signup Up pending" {
			t.Errorf("%s: got: %q, want: the sign-up alone", test.desc, got)
		}
		said := h.lines.text()
		if strings.Count(said, "who was seen cannot be remembered") != 2 || !strings.Contains(said, "read-only file system") {
			t.Errorf("%s: got: %q, want: it said at the first and the tenth", test.desc, said)
		}
		if waiting(h.n) != 0 || unstored(h.n) != 0 {
			t.Errorf("%s: got: %d waiting, %d unstored, want: none", test.desc, waiting(h.n), unstored(h.n))
		}
		disk.fail(test.operation, nil)
		h.visit(t, sessionCheck, account("Tim", "user"))
		h.visit(t, sessionCheck, account("Tim", "user"))
		got = receiver.told()
		if got != "first-seen Tim user" {
			t.Errorf("%s: got: %q, want: it announced once when it can be remembered", test.desc, got)
		}
	}
}

// What was remembered is taken away while running: nobody is announced twice.
// A sign-up is news also while another process has learned the same person
// without a word.
func TestMadeWhileAnotherLearned(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	one := houseIn(t, dir, receiver.url, "7d", newTrialDisk(), "first-seen")
	two := houseIn(t, dir, receiver.url, "7d", newTrialDisk(), "first-seen")
	two.visit(t, sessionCheck, account("Tim", "user"))
	one.visit(t, signUpPage, account("Tim", "user"))
	one.visit(t, sessionCheck, account("Tim", "user"))
	got := receiver.told()
	if got != "first-seen Tim user" {
		t.Errorf("got: %q, want: Tim, once", got)
	}
}

// Who was announced while the disk was full is marked when it no longer is.
func TestOwedMarkers(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	disk := newTrialDisk()
	one := houseIn(t, dir, receiver.url, "0s", disk, "signup", "first-seen")
	one.visit(t, sessionCheck, account("Ann", "user"))
	disk.fail("Write", diskError("no space left on device"))
	one.visit(t, signUpPage, account("Tim", "user"))
	rescan(t, one.n)
	awaitQuiet(t, one.n)
	disk.fail("Write", nil)
	rescan(t, one.n)
	awaitQuiet(t, one.n)
	stop(one.n)
	two := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "signup", "first-seen")
	two.visit(t, sessionCheck, account("Tim", "user"))
	got := receiver.told()
	if got != "first-seen Ann user, signup Tim user" {
		t.Errorf("got: %q, want: each once", got)
	}
}

// The folder is missed also where nobody comes but those who are known.
func TestSeenIsLookedAtNowAndThen(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	one := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "first-seen")
	one.visit(t, sessionCheck, account("Tim", "user"))
	err := os.RemoveAll(one.n.guests.book.Path())
	if err != nil {
		t.Fatal(err)
	}
	one.visit(t, sessionCheck, account("Tim", "user"))
	rescan(t, one.n)
	awaitQuiet(t, one.n)
	if !strings.Contains(one.lines.text(), "It is learned anew") {
		t.Errorf("got: %q, want: a line", one.lines.text())
	}
	stop(one.n)
	two := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "first-seen")
	two.visit(t, sessionCheck, account("Tim", "user"))
	got := receiver.told()
	if got != "first-seen Tim user" {
		t.Errorf("got: %q, want: Tim, once", got)
	}
}

func TestSeenFolderVanishes(t *testing.T) {
	tests := []struct {
		desc string
		lose func(n *notifier)
	}{
		{desc: "everything", lose: func(n *notifier) { _ = os.RemoveAll(filepath.Dir(n.folderPath())) }},
		{desc: "the markers", lose: func(n *notifier) { _ = os.RemoveAll(filepath.Join(n.folderPath(), "seen")) }},
		{desc: "the key", lose: func(n *notifier) { _ = os.Remove(filepath.Join(n.folderPath(), "seen", "key")) }},
	}
	for _, test := range tests {
		receiver := newWebhook(t)
		dir := filepath.Join(stateFolder(t), "state")
		h := houseIn(t, dir, receiver.url, "0s", newTrialDisk(), "first-seen")
		for i := 0; i < 5; i++ {
			h.visit(t, sessionCheck, account(fmt.Sprint(i), "user"))
		}
		if strings.Count(receiver.told(), "first-seen") != 5 {
			t.Fatalf("%s: want: five announced", test.desc)
		}
		test.lose(h.n)
		h.visit(t, sessionCheck, account("new", "user"))
		for i := 0; i < 5; i++ {
			h.visit(t, sessionCheck, account(fmt.Sprint(i), "user"))
		}
		got := receiver.told()
		if got != "" {
			t.Errorf("%s: got: %q, want: nobody announced", test.desc, got)
		}
		said := h.lines.text()
		if strings.Count(said, "It is learned anew") != 1 || strings.Count(said, "learning begins") != 1 {
			t.Errorf("%s: got: %q, want: that it learns anew, once", test.desc, said)
		}
		h.visit(t, signUpPage, account("Up", "pending"))
		got = receiver.told()
		if got != "first-seen Up pending" {
			t.Errorf("%s: got: %q, want: the sign-up", test.desc, got)
		}
	}
}

// Who fails to sign in leaves nothing behind.
func TestRefusalsLeaveNothing(t *testing.T) {
	receiver := newWebhook(t)
	h := houseIn(t, stateFolder(t), receiver.url, "0s", newTrialDisk(), "signup", "user-added", "scim", "first-seen")
	awaitQuiet(t, h.n)
	before := filesBelow(t, h.n.folderPath())
	for i := 0; i < 500; i++ {
		for _, door := range []string{signIn, ldap, sessionCheck, exchanging, adding} {
			h.visitWith(door, fmt.Sprintf(`401 {"detail":"no","id":"%d"}`, i), `{"email":"x","password":"y"}`)
		}
	}
	awaitQuiet(t, h.n)
	after := filesBelow(t, h.n.folderPath())
	if receiver.told() != "" || after != before || knownTo(h.n) != 0 {
		t.Errorf("got: %d files, want: %d as before, and no notice", after, before)
	}
}

func filesBelow(t *testing.T, path string) int {
	t.Helper()
	count := 0
	err := filepath.Walk(path, func(_ string, _ os.FileInfo, err error) error {
		count++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// A disk that hangs holds nobody up who signs in, and no more wait than may. Who
// signs up is announced all the same, before all of those.
func TestSeenDiskHangs(t *testing.T) {
	receiver := newWebhook(t)
	disk := newTrialDisk()
	h := houseIn(t, stateFolder(t), receiver.url, "0s", disk, "first-seen")
	awaitQuiet(t, h.n)
	release := disk.hang("Read")
	begin := time.Now()
	for i := 0; i < maxGuests+20; i++ {
		h.visitWith(sessionCheck, account(fmt.Sprint(i), "user"), "")
	}
	if time.Since(begin) > 5*time.Minute { // a second each, if anybody waited
		t.Errorf("got: %s, want: nobody to wait for the disk", time.Since(begin))
	}
	if strings.Count(h.lines.text(), "who signed in wait for the disk") != 2 {
		t.Errorf("got: %q, want: it said for the first and the tenth", h.lines.text())
	}
	h.visitWith(signUpPage, account("New", "user"), "")
	got := receiver.await(t)
	if got.body != "first-seen New user" || !strings.Contains(h.lines.text(), "who was seen cannot be remembered") {
		t.Errorf("got: %q and %q, want: the sign-up, and a line", got.body, h.lines.text())
	}
	h.n.mu.Lock()
	waits := len(h.n.guests.others.events)
	h.n.guests.others.events = h.n.guests.others.events[:3]
	h.n.mu.Unlock()
	disk.unhang("Read")
	close(release)
	awaitQuiet(t, h.n)
	told := receiver.told()
	if waits != maxGuests || told != "first-seen 0 user, first-seen 1 user, first-seen 2 user, first-seen 3 user" {
		t.Errorf("got: %d who waited and %q, want: %d, and the first of them", waits, told, maxGuests)
	}
	h.visit(t, sessionCheck, account("New", "user"))
	told = receiver.told()
	if told != "" {
		t.Errorf("got: %q, want: nobody twice", told)
	}
}

// Who was announced before the folder could be used is known as soon as it can.
func TestOwedSinceTheBeginning(t *testing.T) {
	receiver := newWebhook(t)
	disk := newTrialDisk()
	disk.fail("MkdirAll", diskError("not a directory"))
	h := houseIn(t, stateFolder(t), receiver.url, "0s", disk, "signup", "first-seen")
	h.visit(t, signUpPage, account("Tim", "user"))
	disk.fail("MkdirAll", nil)
	h.visit(t, sessionCheck, account("Tim", "user"))
	told := receiver.told()
	if told != "signup Tim user" {
		t.Errorf("got: %q, want: Tim, once", told)
	}
}

// The learning ends by itself, and its end is told.
func TestLearningEnds(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	begin := time.Now()
	h := houseIn(t, dir, receiver.url, "1h", newTrialDisk(), "first-seen")
	h.visit(t, sessionCheck, account("Old", "user"))
	sofar := int(time.Since(begin) / time.Second) // however long that took, it was learned
	s := houseSettings(t, dir, receiver.url, fmt.Sprint(sofar+3, "s"), "first-seen")
	h.n.join(s)
	awaitLine(t, h.lines, "learning is over: 1 accounts are remembered")
	h.visit(t, sessionCheck, account("Old", "user"))
	h.visit(t, sessionCheck, account("New", "user"))
	got := receiver.told()
	if got != "first-seen New user" {
		t.Errorf("got: %q, want: the new one", got)
	}
}

// Other options of the same middleware forget nobody, and may leave the event
// out and bring it back.
func TestSeenOverReloads(t *testing.T) {
	receiver := newWebhook(t)
	dir := stateFolder(t)
	options := CreateConfig()
	options.WebhookURL = receiver.url
	options.StateDir = dir
	options.LearnFor = "0s"
	for _, events := range [][]string{{"first-seen"}, {"first-seen", "scim"}, {"signup"}, {"first-seen"}} {
		options.Events = events
		ctx, cancel := context.WithCancel(context.Background())
		var next http.Handler = http.HandlerFunc(saying)
		handler, err := New(ctx, next, options, t.Name())
		if err != nil {
			t.Fatal(err)
		}
		m, _ := handler.(*middleware)
		h := &house{handler: handler, n: m.notifier}
		h.visit(t, sessionCheck, account("Tim", "user"))
		cancel()
	}
	forgetAfter(t, notifierOf(t.Name()))
	got := receiver.told()
	if got != "Neuer Benutzer registriert: Tim" {
		t.Errorf("got: %q, want: one notice", got)
	}
}

// The answer streams: the client has its beginning while the rest is not there
// yet, and what was kept does not depend on the size.
func TestPictures(t *testing.T) {
	receiver := newWebhook(t)
	h := houseIn(t, stateFolder(t), receiver.url, "0s", newTrialDisk(), "first-seen")
	for i, size := range []int{0, 4000, 60 << 10, 3 << 20} {
		name := fmt.Sprint("Picture", i)
		answer := fmt.Sprintf(`{"status_emoji":null,"id":"%s","name":"%s","role":"user","email":"p@example.org","profile_image_url":"%s","bio":null}`, name, name, strings.Repeat("x", size))
		req := httptest.NewRequest("GET", "/api/v1/auths/", nil)
		req.Header.Set("Answer", answer)
		recorder := httptest.NewRecorder()
		h.handler.ServeHTTP(recorder, req)
		if recorder.Body.String() != answer {
			t.Errorf("%d: got: %d bytes, want: %d", size, recorder.Body.Len(), len(answer))
		}
		got := receiver.await(t)
		if got.body != "first-seen "+name+" user" {
			t.Errorf("%d: got: %q, want: %s", size, got.body, name)
		}
	}
}
