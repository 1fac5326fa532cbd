package doors

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"testing"
	"time"
)

// pictures are part of the page's question, whose answer the plugin wants
// uncompressed while browsers take zstd. What that costs is told, and bounded
// generously.
func (w *world) pictures(t *testing.T) {
	tests := []struct {
		desc  string
		size  int
		times int
	}{
		{desc: "50 KB", size: 50_000, times: 15},
		{desc: "12 MB", size: 12 << 20, times: 3},
	}

	for i, p := range w.behind(t, "paula", len(tests)) {
		test := tests[i]

		raw := make([]byte, test.size)
		_, _ = rand.Read(raw) // pictures are compressed already

		visitor{base: w.app.URL(), token: p.Token}.ask(t, http.MethodPost, "/api/v1/auths/update/profile", map[string]string{
			"name": p.Name, "profile_image_url": "data:image/png;base64," + base64.StdEncoding.EncodeToString(raw),
		})

		took, sizes := map[string][]time.Duration{}, map[string]int{}

		for range test.times {
			for _, host := range []string{plainHost, ""} {
				v := at(w.first).as(p.Token)
				v.host = host

				begin := time.Now()
				sizes[host] = v.browse(t)
				took[host] = append(took[host], time.Since(begin))
			}
		}

		plain, watched := median(took[plainHost]), median(took[""])
		t.Logf("a page load with a picture of %s: %.1f ms and %d KB without the plugin, %.1f ms and %d KB with it: %.2f times",
			test.desc, plain.Seconds()*1e3, sizes[plainHost]/1000, watched.Seconds()*1e3, sizes[""]/1000, float64(watched)/float64(plain))

		if watched > 3*plain {
			t.Errorf("%s: got: %v with the plugin and %v without, want: nearly the same", test.desc, watched, plain)
		}

		w.expect(w.every, told("first-seen", p))
		w.expect(w.seen, told("first-seen", p))
	}
}

// browse loads the page with a browser's encodings, and returns how many bytes
// went over the wire.
func (v visitor) browse(t *testing.T) int {
	t.Helper()

	v.header = map[string]string{"Accept-Encoding": "gzip, deflate, br, zstd"}

	status, text, err := v.try(t.Context(), http.MethodGet, sessionPath, nil)
	if err != nil || status != http.StatusOK {
		t.Fatalf("got: %d (%v), want: 200", status, err)
	}

	return len(text)
}
