package exchange

// This package's part in the rehearsal.

import "context"

// Rehearse runs, once and in one goroutine, what only happens when a client
// leaves; everything else is rehearsed by requests.
func Rehearse() {
	client, leave := context.WithCancel(context.Background())
	d := detach(client)
	d.stop() // so that no goroutine calls it, too
	leave()
	d.clientLeft()
	endCall(d)
	d.clientLeft()
}
