package doors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/environ"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/statedir"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/internal/seen"
)

const (
	// measured keeps Traefik's log out of what is measured, and gives its heap.
	measured = traefik.Quiet + traefik.Debug

	// remembered is how many accounts there are.
	remembered = 100_000

	// active is how many of them load the page again and again.
	active = 50
)

// inCrowd does something a number of times, eight at a time.
func inCrowd(count int, do func(i int)) {
	var group sync.WaitGroup

	for worker := range 8 {
		group.Go(func() {
			for i := worker; i < count; i += 8 {
				do(i)
			}
		})
	}

	group.Wait()
}

// remember makes the markers of that many guests.
func remember(t testing.TB, l lodge, count int) {
	t.Helper()

	book := seen.NewBook(filepath.Join(l.folder(), "seen"), statedir.Hasty())
	if _, err := book.Check(time.Now(), nil); err != nil {
		t.Fatal(err)
	}

	inCrowd(count, func(i int) {
		if _, err := book.Mark(&seen.Account{ID: guest(i).ID, Email: guest(i).Email}); err != nil {
			t.Error(err)
		}
	})

	if _, err := book.EndIfDue(time.Now()); err != nil {
		t.Fatal(err)
	}
}

// cpu is how much of a processor's time a process has had.
func cpu(t testing.TB, pid int) time.Duration {
	t.Helper()

	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip("left out: it needs Linux: ", err)
	}

	// The name, in brackets, may hold anything; behind it the fields are
	// counted from the third (proc(5)), in hundredths of a second.
	_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')'):]), " ")
	fields := strings.Fields(rest)

	user, err1 := strconv.Atoi(fields[14-3])
	system, err2 := strconv.Atoi(fields[15-3])

	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}

	return time.Duration(user+system) * 10 * time.Millisecond
}

// alive is what is left of Traefik's heap after a collection, in KiB.
func alive(t testing.TB, s *traefik.Server) int {
	t.Helper()

	kib, err := s.Heap(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return kib
}

// rss is the memory that Traefik has now, in KiB; 0 where nobody tells.
func rss(s *traefik.Server) int {
	kib, _ := process.Memory(s.PID(), process.Resident)

	return kib
}

// load has the page loaded by a guest, and returns how long that took.
func (l lodge) load(ctx context.Context, s *traefik.Server, i int) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+sessionPath, nil)
	if err != nil {
		return 0, err
	}

	req.Host = l.host()
	req.Header.Set("Authorization", "Bearer "+guest(i).Token)

	begin := time.Now()

	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()

	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}

	if res.StatusCode != http.StatusOK {
		return 0, errors.New(res.Status)
	}

	return time.Since(begin), nil
}

// TestManyAccounts compares, in one Traefik and in turn, what the page's
// question costs without the plugin, with the plugin but not the event, with
// the event and nobody else remembered, and with 100,000; and what memory it
// takes when they are all seen.
//
// DOORS_REQUESTS=5000 is steadier, and DOORS_ACCOUNTS=100000 is the whole truth
// about memory; both take their minutes.
func TestManyAccounts(t *testing.T) {
	app, r := house(t, 0), receiver.Run(t)
	list := []lodge{
		{name: "plain", upstream: app.URL},
		open(t, "signups", app.URL, r, map[string]any{"events": []string{"signup"}}),
		open(t, "few", app.URL, r, nil),
		open(t, "many", app.URL, r, nil),
	}
	remember(t, list[2], active)
	remember(t, list[3], remembered)

	s := traefik.Run(t, traefik.Options{Dynamic: lodges(list...), Static: measured})

	t.Run("time", func(t *testing.T) { cost(t, s, list) })
	t.Run("memory", func(t *testing.T) { memory(t, s, list[3]) })

	if taken := r.Taken(); len(taken) > 0 {
		t.Errorf("got: %d notices, want: none of those that are remembered", len(taken))
	}
}

func cost(t *testing.T, s *traefik.Server, list []lodge) {
	const rounds = 5

	each := environ.Number(t, "DOORS_REQUESTS", 500)
	costs := map[string][]time.Duration{}

	for round := range rounds + 1 {
		for _, l := range list {
			before := cpu(t, s.PID())

			inCrowd(each, func(i int) {
				if _, err := l.load(t.Context(), s, i%active); err != nil {
					t.Errorf("%s: %v", l.name, err)
				}
			})

			if round > 0 { // the first one warms
				costs[l.name] = append(costs[l.name], (cpu(t, s.PID())-before)/time.Duration(each))
			}
		}
	}

	plain := median(costs["plain"])

	for _, l := range list {
		one := median(costs[l.name])
		t.Logf("%-8s %5d µs of CPU a check, %.2f times that without the plugin", l.name, one.Microseconds(), float64(one)/float64(plain))
	}

	signups, few, many := median(costs["signups"]), median(costs["few"]), median(costs["many"])
	t.Logf("the event adds %d µs with %d accounts, and %d µs with %d",
		(few - signups).Microseconds(), active, (many - signups).Microseconds(), remembered)

	// What it costs is the benchmark's to say; here, that it does not grow.
	if many > 2*few {
		t.Errorf("got: %v with %d accounts and %v with %d, want: the same", few, active, many, remembered)
	}
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)

	return list[len(list)/2]
}

func memory(t *testing.T, s *traefik.Server, l lodge) {
	count := environ.Number(t, "DOORS_ACCOUNTS", 5000)

	seen := func(from, to int) {
		inCrowd(to-from, func(i int) {
			if _, err := l.load(t.Context(), s, from+i); err != nil {
				t.Error(err)
			}
		})
	}

	seen(0, 500) // which takes what is taken once

	before, resident := alive(t, s), rss(s)

	seen(500, count)

	grown := alive(t, s) - before
	t.Logf("%d of %d accounts seen: %d KiB more in the heap, %d bytes each; %d KiB more of resident memory, garbage with it",
		count, remembered, grown, grown<<10/count, rss(s)-resident)

	// 5 MB for all of them, and for a part its part and a megabyte of noise.
	if limit := min(5000, 1000+count*5000/remembered); grown > limit {
		t.Errorf("got: %d KiB more, want: at most %d", grown, limit)
	}
}

// TestAPageLoadWithAPicture compares how long the page's question takes, where
// the answer carries a picture.
func TestAPageLoadWithAPicture(t *testing.T) {
	tests := []struct {
		desc  string
		size  int
		times int
		bound float64
	}{
		{desc: "50 KB", size: 50_000, times: 400, bound: 3},
		{desc: "12 MB", size: 12 << 20, times: 24, bound: 3},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			app, r := house(t, test.size), receiver.Run(t)
			plain := lodge{name: "plain", upstream: app.URL}
			watched := open(t, "watched", app.URL, r, nil)
			remember(t, watched, active)

			s := traefik.Run(t, traefik.Options{Dynamic: lodges(plain, watched), Static: measured})
			took, spent := map[string][]time.Duration{}, map[string]time.Duration{}

			const blocks = 4

			for range blocks {
				for _, l := range []lodge{plain, watched} {
					before := cpu(t, s.PID())

					for i := range test.times / blocks {
						one, err := l.load(t.Context(), s, i%active)
						if err != nil {
							t.Fatal(err)
						}

						took[l.name] = append(took[l.name], one)
					}

					spent[l.name] += cpu(t, s.PID()) - before
				}
			}

			without, with := median(took["plain"]), median(took["watched"])
			ratio := float64(with) / float64(without)
			t.Logf("%.2f ms without the plugin, %.2f ms with it: %.2f times; of CPU %.2f ms and %.2f ms",
				without.Seconds()*1e3, with.Seconds()*1e3, ratio,
				spent["plain"].Seconds()*1e3/float64(test.times), spent["watched"].Seconds()*1e3/float64(test.times))

			if ratio > test.bound {
				t.Errorf("got: %.2f times as long, want: at most %.1f", ratio, test.bound)
			}
		})
	}
}
