package compiledmethod

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

type own struct {
	mu    *sync.Mutex
	value bytes.Buffer
	stop  func() bool
}

func (o *own) run() {}

func bad(b *bytes.Buffer, o *own, timers []*time.Timer) func() string {
	d := &net.Dialer{}
	t := &http.Transport{DialContext: d.DialContext} // want `method DialContext of a \*Dialer as a value`
	t.DialContext = d.DialContext                    // want `method DialContext of a \*Dialer as a value`
	t.DialContext = (&net.Dialer{}).DialContext      // want `method DialContext of a \*Dialer as a value`
	n := new(bytes.Buffer)
	use(n.String)                            // want `method String of a \*Buffer as a value`
	time.AfterFunc(time.Second, o.mu.Unlock) // want `method Unlock of a \*Mutex as a value`
	o.stop = timers[0].Stop                  // want `method Stop of a \*Timer as a value`
	u, _ := parse()
	use(u.String) // want `method String of a \*URL as a value`
	var typed *url.URL
	typed, _ = url.Parse("")
	use(typed.String) // want `method String of a \*URL as a value`
	return b.String   // want `method String of a \*Buffer as a value`
}

var made = time.NewTimer(time.Second)

func good(req *http.Request, rw http.ResponseWriter, o *own) {
	d := net.Dialer{}
	t := &http.Transport{DialContext: d.DialContext}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return d.DialContext(ctx, network, address)
	}
	u, _ := url.Parse("")
	use(u.String)
	use(req.URL.String)
	timer := time.NewTimer(time.Second)
	o.stop = timer.Stop
	o.stop = made.Stop
	o.stop = time.NewTimer(time.Second).Stop
	use(o.value.String)
	header := http.Header{}
	_ = header.Get
	_ = rw.WriteHeader
	defer o.mu.Unlock()
	o.mu.Lock()
	time.AfterFunc(time.Second, o.run)
}

func use(f func() string) {}

func parse() (*url.URL, error) { return url.Parse("") }
