package openwebui

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// Spellings are the ways to write the path, at each place of the middleware.
// What is left open depends on the release of Traefik.
func Spellings(at ...string) []Attempt {
	return places([]Attempt{
		{Desc: "as the page writes it"},
		{Desc: "an encoded letter", Target: "/api/v1/auths/%73ignup"},
		{Desc: "all letters encoded", Target: "/%61%70%69/%76%31/%61%75%74%68%73/%73%69%67%6e%75%70"},
		{Desc: "an encoded slash", Target: "/api%2Fv1/auths/signup"},
		{Desc: "an encoded slash, lower case", Target: "/api/v1/auths%2fsignup"},
		{Desc: "all slashes but the first encoded", Target: "/api%2fv1%2Fauths%2fsignup"},
		{Desc: "one trailing newline", Target: SignUp + "%0a"},
		{Desc: "one trailing newline, upper case", Target: SignUp + "%0A"},
		{Desc: "an encoded capital", Target: "/api/v1/auths/%53ignup", Want: Refused},
		{Desc: "newline, slash and letter encoded", Target: "/api%2Fv1/auths/%73ignup%0A?next=/"},
		{Desc: "a query", Target: SignUp + "?next=%2Fsignup"},
		{Desc: "an empty query", Target: SignUp + "?"},
		{Desc: "newline and query", Target: SignUp + "%0a?a=%0a"},
		{Desc: "absolute form", Target: "http://{host}" + SignUp},
		{Desc: "absolute form, newline and query", Target: "http://{host}/api/v1%2Fauths/signup%0a?x"},
		{Desc: "absolute form of https", Target: "https://{host}" + SignUp},
		{Desc: "an opaque target", Target: "x:http://{host}" + SignUp, Want: Open},
		{Desc: "an opaque target, encoded", Target: "x:http://{host}/api%2Fv1/auths/%73ignup%0a?x", Want: Open},
		{Desc: "a fragment", Target: SignUp + "#top", Want: Open},
		{Desc: "newline and fragment", Target: SignUp + "%0a#top", Want: Open},
		{Desc: "dot segments", Target: "/api/./v1/x/../auths/signup", Want: Open},
		{Desc: "encoded dot segments", Target: "/api/v1/%2e%2e/v1/auths/signup", Want: Open},
		{Desc: "a doubled slash", Target: "/api/v1//auths/signup", Want: Open},
		{Desc: "two newlines", Target: SignUp + "%0a%0a", Want: Refused},
		{Desc: "a carriage return", Target: SignUp + "%0d", Want: Refused},
		{Desc: "encoded twice", Target: "/api/v1/auths/%2573ignup", Want: Refused},
		{Desc: "a trailing slash", Target: SignUp + "/", Want: Refused},
		{Desc: "upper case", Target: strings.ToUpper(SignUp), Want: Refused},
		{Desc: "a parameter", Target: SignUp + ";x", Want: Refused},
	}, at...)
}

// Bodies are the ways to write the body. What the releases of Open WebUI read
// differently is left open.
func Bodies() []Attempt {
	json := "Content-Type: application/json"

	return []Attempt{
		{Desc: "UTF-8 with a mark", Body: encoded(utf8BOM)},
		{Desc: "UTF-16, marked, little endian", Body: encoded(inUTF16(binary.LittleEndian, true))},
		{Desc: "UTF-16, marked, big endian", Body: encoded(inUTF16(binary.BigEndian, true))},
		{Desc: "UTF-16, unmarked, little endian", Body: encoded(inUTF16(binary.LittleEndian, false))},
		{Desc: "UTF-16, unmarked, big endian", Body: encoded(inUTF16(binary.BigEndian, false))},
		{Desc: "UTF-32, marked, little endian", Body: encoded(inUTF32(binary.LittleEndian, true))},
		{Desc: "UTF-32, marked, big endian", Body: encoded(inUTF32(binary.BigEndian, true))},
		{Desc: "UTF-32, unmarked, little endian", Body: encoded(inUTF32(binary.LittleEndian, false))},
		{Desc: "UTF-32, unmarked, big endian", Body: encoded(inUTF32(binary.BigEndian, false))},
		{Desc: "UTF-16 under another charset", Body: encoded(inUTF16(binary.LittleEndian, true)), Headers: []string{"Content-Type: application/json; charset=iso-8859-1"}},
		{Desc: "duplicate keys", Body: doubled},
		{Desc: "escapes and white space", Body: escaped},
		{Desc: "a picture of 200 KB before the name", Body: long(200_000)},
		{Desc: "a picture of 2 MB before the name", Body: long(2_000_000)},
		{Desc: "a name of white space", Body: func(_, email string) []byte { return webui.SignUpBody(" \n\t ", email) }},
		{Desc: "a name of 100 KB", Body: func(_, email string) []byte { return webui.SignUpBody(strings.Repeat("Timé", 20_000), email) }},
		{Desc: "chunked", Chunked: true},
		{Desc: "chunked, UTF-16", Chunked: true, Body: encoded(inUTF16(binary.LittleEndian, true))},
		{Desc: "chunked, 200 KB", Chunked: true, Body: long(200_000)},
		{Desc: "Expect: 100-continue", Expect: true},
		{Desc: "Expect: 100-continue, chunked", Expect: true, Chunked: true},
		{Desc: "two on one connection at once", Twice: true},
		{Desc: "no Content-Type", Headers: []string{}, Want: Open},
		{Desc: "Content-Type text/plain", Headers: []string{"Content-Type: text/plain"}, Want: Open},
		{Desc: "Content-Type of a form", Headers: []string{"Content-Type: application/x-www-form-urlencoded"}, Want: Open},
		{Desc: "Content-Type of a JSON family", Headers: []string{"Content-Type: application/vnd.api+json"}, Want: Open},
		{Desc: "a browser's Accept-Encoding", Headers: []string{json, "Accept-Encoding: gzip, deflate, br, zstd"}},
		{Desc: "Accept-Encoding of zstd alone", Headers: []string{json, "Accept-Encoding: zstd, identity;q=0"}},
		{Desc: "a range of the answer", Headers: []string{json, "Range: bytes=0-10"}},
		// Not to a WebSocket: Traefik, plugin or not, passes that on and waits for ever.
		{Desc: "a request to upgrade", Headers: []string{json, "Connection: Upgrade", "Upgrade: h2c"}, Want: Open},
		{Desc: "gzip", Body: encoded(gzipped), Headers: []string{json, "Content-Encoding: gzip"}, Want: Refused},
		{Desc: "broken JSON", Body: func(name, email string) []byte { return webui.SignUpBody(name, email)[1:] }, Want: Refused},
	}
}

// Ways are the protocols, on both places of the middleware.
func Ways() []Attempt {
	var all []Attempt

	for _, way := range []Way{HTTP10, TLS11, H2, H2C} {
		all = append(all, places([]Attempt{
			{Desc: "as the page writes it", Way: way},
			{Desc: "one trailing newline", Way: way, Target: SignUp + "%0a"},
			{Desc: "slash and letter encoded", Way: way, Target: "/api%2Fv1/auths/%73ignup"},
			{Desc: "two newlines", Way: way, Target: SignUp + "%0a%0a", Want: Refused},
		}, Main, Own)...)
	}

	return append(all,
		Attempt{Desc: "absolute form", Way: HTTP10, Target: "http://{host}" + SignUp},
		Attempt{Desc: "chunked", Way: TLS11, Chunked: true},
		Attempt{Desc: "without a length", Way: H2, Chunked: true},
		Attempt{Desc: "without a length", Way: H2C, Chunked: true},
		Attempt{Desc: "UTF-32", Way: H2C, Body: encoded(inUTF32(binary.BigEndian, true))},
	)
}

// HangUps are clients that leave before their answer. One whose request is whole
// may have its account or not, where it leaves early: a busy Traefik may not have
// taken the request from the connection, and a reset throws it away.
func HangUps(way Way, place string) []Attempt {
	var all []Attempt

	for _, after := range []time.Duration{0, 1, 2, 5, 20, 50, 100, 200, 400, 800} {
		after *= time.Millisecond
		a := Attempt{Desc: "gone after " + after.String(), Leave: &Leave{After: after}}

		if after < 200*time.Millisecond {
			a.Want = Open
		}

		all = append(all, a)
	}

	for _, short := range []int{1, 2, 50} {
		all = append(all, Attempt{Desc: "gone, some bytes short", Leave: &Leave{Short: short, After: 50 * time.Millisecond}, Want: Refused})
	}

	if way != H2 && way != H2C {
		all = append(all,
			Attempt{Desc: "gone in its head", Leave: &Leave{Short: 400, After: 50 * time.Millisecond}, Want: Refused},
			Attempt{Desc: "half closed", Leave: &Leave{After: 500 * time.Millisecond, Half: true}},
			Attempt{Desc: "reset at once", Leave: &Leave{Reset: true}, Want: Open},
			Attempt{Desc: "reset after 400ms", Leave: &Leave{After: 400 * time.Millisecond, Reset: true}},
			Attempt{Desc: "chunked, gone after 200ms", Chunked: true, Leave: &Leave{After: 200 * time.Millisecond}},
			Attempt{Desc: "chunked, gone one byte short", Chunked: true, Leave: &Leave{Short: 1, After: 50 * time.Millisecond}, Want: Open},
		)
	}

	for i := range all {
		all[i].Way, all[i].Place = way, place
	}

	return all
}

// Behind are attempts behind each chain of Traefik's middlewares but none.
func Behind() []Attempt {
	var all []Attempt

	for _, chain := range []string{"compress", "retry", "buffer", "limit", "strip", "login", "all"} {
		some := []Attempt{
			{Desc: "a browser's sign-up", Headers: []string{"Content-Type: application/json", "Accept-Encoding: gzip, deflate, br, zstd"}},
			{Desc: "newline, slash and letter encoded", Target: "/api%2Fv1/auths/%73ignup%0a"},
			{Desc: "chunked, UTF-16", Chunked: true, Body: encoded(inUTF16(binary.LittleEndian, true))},
			{Desc: "HTTP/2", Way: H2},
			{Desc: "gone after 200ms", Leave: &Leave{After: 200 * time.Millisecond}},
			{Desc: "gone one byte short", Leave: &Leave{Short: 1, After: 50 * time.Millisecond}, Want: Refused},
		}

		if loginOf(chain) != "" {
			some = append(some, Attempt{Desc: "without a login", NoLogin: true, Want: Refused})
		}

		for i := range some {
			some[i].Chain = chain
		}

		all = append(all, places(some, Main, Own)...)
	}

	return all
}

// places are the attempts at each place.
func places(attempts []Attempt, at ...string) []Attempt {
	var all []Attempt

	for _, place := range at {
		for _, a := range attempts {
			a.Place = place
			all = append(all, a)
		}
	}

	return all
}
