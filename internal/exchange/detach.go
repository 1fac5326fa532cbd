package exchange

// A call that goes on when its client has hung up.

import (
	"context"
	"fmt"
	"log"
	"sync"
	"time"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

const (
	// maxAlone is how many calls may go on without their client.
	maxAlone = 1000
	// aloneFor is how long each of them may.
	aloneFor = 60 * time.Second
)

// alone counts the calls that go on without their client.
var alone = &counter{mu: &sync.Mutex{}, refused: tally.New()}

type counter struct {
	mu      *sync.Mutex
	count   int
	refused *tally.Tally
}

func (c *counter) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count >= maxAlone {
		return false
	}
	c.count++
	return true
}

func (c *counter) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count--
}

// detached is a context that outlives the client's: Open WebUI makes the
// account also when the client has hung up, but Traefik would cancel the call
// and nobody would see the answer.
type detached struct {
	ctx    context.Context
	cancel context.CancelFunc
	stop   func() bool // unhooks from the client's context

	mu      *sync.Mutex
	ended   bool
	isAlone bool
	timer   *time.Timer // ends the call some time after the client left
}

func detach(client context.Context) *detached {
	ctx, cancel := context.WithCancel(context.WithoutCancel(client))
	d := &detached{ctx: ctx, cancel: cancel, mu: &sync.Mutex{}}
	d.stop = context.AfterFunc(client, d.clientLeft)
	return d
}

// clientLeft lets the call go on for a while, or ends it where too many do.
func (d *detached) clientLeft() {
	defer func() {
		r := recover() // this is a goroutine: a panic would end Traefik
		if r != nil {
			log.Print("signupwebhook: a fault of the plugin: ", fmt.Sprint(r))
		}
	}()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return
	}
	if alone.enter() {
		d.isAlone = true
		d.timer = time.AfterFunc(aloneFor, d.cancel)
		return
	}
	d.cancel()
	count := tally.Add(alone.refused)
	if count > 0 {
		log.Printf("signupwebhook: %d sign-ups whose client has hung up are under way; %d so far were given up with their client, and an account may have been made unannounced", maxAlone, count)
	}
}

// endCall is called once, when the call is over.
func endCall(d *detached) {
	d.stop()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	if d.isAlone {
		alone.leave()
		d.timer.Stop()
	}
	d.cancel()
}
