package signupwebhook

// The notifiers of this process by the names of their middlewares, over
// Traefik's reloads.

import (
	"context"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
	"github.com/traefik-openwebui/signupwebhook/internal/delivery"
	"github.com/traefik-openwebui/signupwebhook/internal/outbox"
)

// claimedBy is how long after the first New it is said which folders of a
// stateDir belong to no middleware.
const claimedBy = 10 * time.Minute

// notifiers are those of this process. Traefik builds all middlewares anew
// when anything in its configuration changes; the interpreter's package
// variables stay, and with them what waits.
var notifiers = newRegistry()

// poster makes all tries.
var poster = delivery.NewClient(nil)

// registry finds the notifier of a middleware's name, which is unique.
type registry struct {
	mu     *sync.Mutex
	byName map[string]*notifier
	silent map[string]bool // names without a URL, so that each is logged once
	claims *time.Timer     // until unclaimed folders are looked for; nil before
}

func newRegistry() *registry {
	return &registry{mu: &sync.Mutex{}, byName: map[string]*notifier{}, silent: map[string]bool{}}
}

// join returns the notifier of that name with new settings, until ctx ends.
func (r *registry) join(ctx context.Context, name string, s *config.Settings) *notifier {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.silent, name)
	n := r.byName[name]
	if n == nil {
		n = newNotifier(name, poster, outbox.NewDisk())
		n.forget = r.forget
		r.byName[name] = n
	}
	n.join(s)
	context.AfterFunc(ctx, n.leave)
	if s.StateDir != "" && r.claims == nil {
		r.claims = time.AfterFunc(claimedBy, r.sayUnclaimed)
	}
	return n
}

// suspend stops the sending of a middleware that has lost its URL; what waits
// goes on waiting. It tells whether this is news.
func (r *registry) suspend(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byName[name]
	if n != nil {
		n.suspend()
	}
	known := r.silent[name]
	r.silent[name] = true
	return !known
}

// forget removes a notifier whose time to drain is over, unless it has come
// back by now.
func (r *registry) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byName[name]
	if n != nil && n.close() {
		delete(r.byName, name)
	}
}

// sayUnclaimed names the folders in which something waits although no
// middleware sends it: one was renamed, perhaps. It is called by a timer.
func (r *registry) sayUnclaimed() {
	defer func() {
		failure := recover() // a panic would end Traefik
		if failure != nil {
			sayToLog("signupwebhook: a fault of the plugin: " + fmt.Sprint(failure))
		}
	}()
	for stateDir, claimed := range r.claimed() {
		sayUnclaimedIn(stateDir, claimed)
	}
}

// claimed lists the folders of all notifiers, by their stateDir.
func (r *registry) claimed() map[string]map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]map[string]bool{}
	for _, n := range r.byName {
		path := n.folderPath()
		if path == "" {
			continue
		}
		dir := filepath.Dir(path)
		if all[dir] == nil {
			all[dir] = map[string]bool{}
		}
		all[dir][filepath.Base(path)] = true
	}
	return all
}

func sayUnclaimedIn(stateDir string, claimed map[string]bool) {
	found, err := outbox.Unclaimed(stateDir, claimed, outbox.NewDisk())
	if err != nil || len(found) == 0 {
		return
	}
	sort.Strings(found)
	sayToLog(fmt.Sprintf("signupwebhook: in %s notices wait that no middleware sends, in: %s. Was a middleware renamed? Move their files into the folder new of another, or delete them", stateDir, strings.Join(found, ", ")))
}
