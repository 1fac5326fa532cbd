package pathfuzz

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// request is what is sent, as it goes over the wire.
type request struct {
	method  string
	target  string
	version string
	headers string // further lines, each with its end
}

func (r request) line() string {
	return strings.TrimSuffix(r.method+" "+r.target+" "+r.version, " ")
}

func (r request) String() string {
	if r.headers == "" {
		return fmt.Sprintf("%q", r.line())
	}

	return fmt.Sprintf("%q with %q", r.line(), r.headers)
}

// raw is the whole request. Its number comes back in the answer.
func (r request) raw(number string) string {
	return r.line() + "\r\nHost: example.org\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Number: " + number + "\r\n" + r.headers + "\r\n{}"
}

func post(target string) request {
	return request{method: "POST", target: target, version: "HTTP/1.1"}
}

var (
	// endings are what may follow a path.
	endings = []string{
		"/", "//", "/.", "/..", "/./", "/x/..", "/../signup", ";", ";a", ";a=b", "?", "?a=b", "?%0a", "??", "?/", "#", "#x", "#?", "?#",
		"%23", "%3f", "%3fx", "%3b", "%", "%2", "%zz", "%u0000", "%25", "%250a", ".", "*", "%2e", "%2e%2e", "%2f", "%2F", "%2F..", "\\", "%5c", ":", "@", "~", "&", "=", "+", "|", "\"", "<", "^", "`", "{", "}",
		"%0a", "%0A", "%0a%0a", "%0A%0A", "%0a%0d", "%0d", "%0d%0a", "%00", "%00%0a", "%0a%00", "%09", "%20", "%20%0a", "%0b", "%0c", "%1c", "%1d", "%1e", "%1f", "%7f",
		"%0a/", "/%0a", "%0a?a", "%0a#", "%0a;", "%0a%2f", "%85", "%c2%85", "%c2%a0", "%e2%80%a8", "%e2%80%a9", "%e2%80%8b", "%ef%bb%bf", "%c2%ad",
		"%c0%8a", "%e0%80%8a", "%f0%80%80%8a", "%c0%ae", "%ff", "%80", "%ed%a0%80", "%f4%90%80%80", "%cc%81", "ü", "\xff", "\u0085", "\u2028",
		"\x00", "\x01", "\t", "\x0b", "\x0c", "\x1f", "\x7f", " ", "\n", "\r", "\r\n", "0", "s", "up", "%73",
	}

	// beginnings are what may stand before a path.
	beginnings = []string{
		"http://example.org", "https://example.org", "HTTP://example.org", "http://user@example.org", "http://user:x@example.org", "http://example.org:81", "http://[::1]", "http://[::1%25x]", "http://", "http:", "http:/",
		// Go takes what follows the colon for opaque, and older proxies send it on as it stands.
		"http:http://example.org", "x:http://example.org", "x:x://u:p@example.org:81", "http:HTTPS://[::1]", "x:http://%zz", "x:y:http://example.org", "x:http:", "x:http://", "x:x", "x:?", "x:*",
		"ws://example.org", "ftp://example.org", "x:", "x://y", "//", "//example.org", "///", "/", "/.", "/..", "/./", "/x/..", "/%2e", "/%2e%2e", "/x/%2e%2e", "/%2f", "%2f", "/;", "/;a", "/\\", "\\", "/%5c",
		"?", "#", "*", "example.org", "example.org:80", "/x", "/x?", "/x#", "/%00", "/%0a", "%0a", "%20", " ", "\t", "\x00", "\xff", "%ef%bb%bf", "/ollama", "/static/..", "/ws/..", "/api/v1/auths/signup",
	}

	// pieces are what may stand where a segment begins.
	pieces = []string{
		"/", "//", "./", "../", "x/../", "%2f", "%2F", "%2e/", "%2e%2e/", "x/%2e%2e/", "%5c", "\\", "..\\", ";/", ";a/", "%3b/", "%00", "%0a", "%0d", "%20", "%09", "%25", "%", "%c0%af", "%e0%80%af", "%ef%bc%8f", "%e2%88%95",
		"?", "#", "%23", "%3f", "x", "/./", "/../", "\x00", "\t", " ", "\xff",
	}

	versions = []string{"HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "http/1.1", "Http/1.1", "HTTP/1", "HTTP/1.", "HTTP/01.1", "HTTP/1.01", "HTTP/1.1x", "HTTP/1.1 ", " HTTP/1.1", "HTTPS/1.1", "ICE/1.0", "RTSP/1.0", "x", ""}
	methods  = []string{"post", "Post", "POSt", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "REPORT", "POSTX", "XPOST", "POS", "POST ", " POST", "POST\t", "P%4fST", "\nPOST", "\r\nPOST", "\r\n\r\nPOST", "\x00POST", "PÖST"}

	// headers are those that some server somewhere takes a path or a method
	// from.
	headers = []string{
		"X-HTTP-Method-Override: POST\r\n", "X-HTTP-Method: POST\r\n", "X-Method-Override: GET\r\n",
		"X-Original-URL: /api/v1/auths/signup\r\n", "X-Rewrite-URL: /api/v1/auths/signup\r\n", "X-Forwarded-Uri: /api/v1/auths/signup\r\n",
		"X-Forwarded-Prefix: /api/v1\r\n", "X-Forwarded-Path: /\r\n", "X-Script-Name: /x\r\n", "Forwarded: for=x;host=y;path=/z\r\n", "X-Forwarded-Host: other.example\r\n",
		"Connection: close\r\n", "Connection: X-Other\r\n", "Expect: 200-ok\r\n",
	}

	// disguises are other letters for those of the paths, and other ways to
	// encode them.
	disguises = map[byte][]string{
		'/': {"\\", "%5c", "%c0%af", "%e0%80%af", "%f0%80%80%af", "%252f", "%252F", "%u002f", "%ef%bc%8f", "%e2%81%84"},
		'a': {"%c1%a1", "%d0%b0", "%ef%bd%81", "%u0061", "a%cc%81", "%2561", "\u0430"},
		'i': {"%c1%a9", "%c4%b1", "%c4%b0", "%ef%bd%89", "%u0069", "i%cc%87", "%2569", "\u0131"},
		'k': {"%e2%84%aa"},
		's': {"%c1%b3", "%e0%81%b3", "%c5%bf", "%ef%bd%93", "%u0073", "%2573", "\u017f"},
		'S': {"%c5%bf", "%53", "s", "%73"},
		'u': {"%c1%b5", "%ef%bd%95", "%2575"},
		'1': {"%c2%b9", "%ef%bc%91", "%d9%a1", "%2531"},
		'2': {"%c2%b2", "%ef%bc%92"},
	}
)

// spellings are the listed ones of a path, each once.
func spellings(path string) []request {
	var all []request

	seen := map[request]bool{}
	add := func(r request) {
		if !seen[r] {
			seen[r] = true
			all = append(all, r)
		}
	}

	targets := []string{
		path, encoded(path, "%%%02x", func(int) bool { return true }), encoded(path, "%%%02X", func(int) bool { return true }),
		strings.ReplaceAll(path, "/", "%2f"), strings.ReplaceAll(path, "/", "%2F"), "/" + strings.ReplaceAll(path[1:], "/", "%2F"),
		strings.ReplaceAll(path, "/", "//"), strings.ReplaceAll(path, "/", "/./"), strings.ReplaceAll(path, "/", "\\"),
		strings.ToUpper(path), strings.ToLower(path), path[1:], "", "*", "/", "." + path,
	}

	for at := range len(path) {
		before, after := path[:at], path[at+1:]

		for _, form := range []string{"%%%02x", "%%%02X", "%%25%02x", "%%%%%02x", "%%u00%02x", "%%%02x%%0a"} {
			targets = append(targets, before+fmt.Sprintf(form, path[at])+after)
		}

		for _, other := range disguises[path[at]] {
			targets = append(targets, before+other+after)
		}

		// From here on, up to here, and two neighbours.
		targets = append(targets,
			encoded(path, "%%%02x", func(i int) bool { return i >= at }),
			encoded(path, "%%%02X", func(i int) bool { return i <= at }),
			encoded(path, "%%%02x", func(i int) bool { return i == at || i == at+1 }),
			before+swapCase(path[at])+after,
			before+after,
			before+path[at:at+1]+path[at:],
		)

		if path[at] == '/' {
			for _, piece := range pieces {
				targets = append(targets, before+"/"+piece+after, before+piece+path[at:])
			}
		}
	}

	hidden := strings.Replace(path, "/v", "%2Fv", 1)

	for _, one := range endings {
		targets = append(targets, path+one, hidden+one)
		for _, two := range endings {
			targets = append(targets, path+one+two)
		}
	}

	for _, beginning := range beginnings {
		targets = append(targets, beginning+path, beginning+hidden, beginning+path+"%0a", beginning+path+"?a", beginning+path+"#a")
	}

	for _, target := range targets {
		add(post(target))
	}

	for _, target := range []string{path, path + "%0a", hidden, path + "?a", path + "#a", "http://example.org" + path, path + "/"} {
		for _, version := range versions {
			add(request{method: "POST", target: target, version: version})
		}

		for _, method := range methods {
			add(request{method: method, target: target, version: "HTTP/1.1"})
		}

		for _, header := range headers {
			add(request{method: "POST", target: target, version: "HTTP/1.1", headers: header})
			add(request{method: "GET", target: target, version: "HTTP/1.1", headers: header})
		}
	}

	for _, header := range headers {
		add(request{method: "POST", target: "/", version: "HTTP/1.1", headers: header})
	}

	return all
}

// encoded writes the bytes at some places of a path as form says.
func encoded(path, form string, at func(int) bool) string {
	var out strings.Builder

	for i := range len(path) {
		if at(i) {
			fmt.Fprintf(&out, form, path[i])
		} else {
			out.WriteByte(path[i])
		}
	}

	return out.String()
}

func swapCase(letter byte) string {
	if one := string(letter); one != strings.ToUpper(one) {
		return strings.ToUpper(one)
	}

	return strings.ToLower(string(letter))
}

// random is the request of a number: one of the paths, changed in few places,
// for what is far from it reaches nothing anyway.
func random(seed, number uint64, paths []string) request {
	r := rand.New(rand.NewPCG(seed, number))
	out := post(paths[r.IntN(len(paths))])

	if r.IntN(3) == 0 {
		form := pick(r, []string{"%%%02x", "%%%02X"})
		chance := 1 + r.IntN(9)
		out.target = encoded(out.target, form, func(int) bool { return r.IntN(10) < chance })
	}

	for range r.IntN(5) {
		out.target = mutate(r, out.target)
	}

	switch r.IntN(40) {
	case 0:
		out.version = pick(r, versions)
	case 1:
		out.method = pick(r, methods)
	case 2:
		out.headers = pick(r, headers)
	}

	return out
}

// mutate changes a target in one place.
func mutate(r *rand.Rand, target string) string {
	if target == "" {
		return pick(r, beginnings)
	}

	at := r.IntN(len(target))
	before, one, after := target[:at], target[at], target[at+1:]

	switch r.IntN(20) {
	case 0, 1:
		return target + pick(r, endings)
	case 2, 3:
		return target + pick(r, []string{"%0a", "%0A", "?a=b", "?", "%0a?x"})
	case 4:
		return pick(r, beginnings) + target
	case 5:
		return before + pick(r, pieces) + target[at:]
	case 6:
		return strings.Replace(target, "/", "/"+pick(r, pieces), 1+r.IntN(3))
	case 7:
		return before + after
	case 8:
		return before + swapCase(one) + after
	case 9:
		// No line ends: they would begin a header, and change the framing.
		if other := byte(r.IntN(256)); other != '\r' && other != '\n' {
			return before + string([]byte{other}) + after
		}

		return before + "%0a" + target[at:]
	case 10:
		return before + fmt.Sprintf("%%%02x", r.IntN(256)) + target[at:]
	case 11:
		if others := disguises[one]; len(others) > 0 {
			return before + pick(r, others) + after
		}

		return before + fmt.Sprintf("%%25%02x", one) + after
	case 12:
		return strings.Replace(target, "/", pick(r, []string{"%2f", "%2F", "//"}), 1+r.IntN(5))
	}

	return before + fmt.Sprintf(pick(r, []string{"%%%02x", "%%%02X"}), one) + after
}

func pick(r *rand.Rand, from []string) string {
	return from[r.IntN(len(from))]
}
