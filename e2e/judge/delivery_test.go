package judge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
)

// goodSecret is one that nobody uses, and goodKey the bytes in it.
const (
	goodSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	goodKey    = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17"
)

// answers are what receivers say, with and without a wish or a code.
var answers = []string{
	"", "ok", `{"ok":true}`, `{"routed":true}`, `{"errcode":0,"errmsg":"ok"}`, `{"errcode":93000,"errmsg":"invalid webhook url"}`, `{"errcode":45009}`, `{"errcode":1}`, `{"code":0,"msg":"success"}`, `{"code":19024}`, `{"StatusCode":0,"code":1}`,
	`{"errcode":"0"}`, `{"errcode":null}`, `{"errcode":-1}`, `{"errcode":1e30}`, `{"errcode":0.5}`, `{"errcode":{"errcode":0}}`,
	`{"retry_after":0.653}`, `{"retry_after":64.57,"global":true}`, `{"retry_after":"5"}`, `{"retry_after":-1}`, `{"retry_after":1e9}`, `{"ok":false,"parameters":{"retry_after":35}}`, `{"retry_after":1,"parameters":{"retry_after":9}}`, `{"parameters":[{"retry_after":3}]}`,
	`{"retry_after":5`, `[]`, "null", "\xff{}", strings.Repeat("x", 70000) + "ok", `{"message":"` + strings.Repeat("x", 70000) + `","retry_after":7}`,
}

// codes are the paths of a Success.
var codes = []string{"", "errcode", "StatusCode code", "code errcode", "a.b.c *"}

var secrets = []string{
	goodSecret, " " + goodSecret + "\n", "", "whsec_", "whsec_AA==", "whsec_!!!!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "WHSEC_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
	"whsec_" + strings.Repeat("AAAA", 21) + "AA==", "whsec_" + strings.Repeat("AAAA", 22), "whsec_" + strings.Repeat("_-__", 8), "whsec_whsec_" + strings.Repeat("AAAA", 8),
}

// files are what may lie in an outbox.
var files = []string{
	`{"version":1,"id":"msg_1","accepted":"2026-01-01T00:00:00.123456789Z","fields":{"name":"Tim","email":"t@x"}}`,
	`{"version":1,"id":"msg_1","accepted":"2026-01-01T00:00:00Z","fields":{"name":"Tim"},"reason":"it answered 404 Not Found."}`,
	`{"version":1,"id":"msg_1","accepted":"2026-01-01T00:00:00+02:00","fields":{}}`, `{"version":1,"id":"msg_1","fields":{"a":"b"},"later":{"a":[1]}}`,
	`{"version":2,"id":"msg_1","accepted":"2026-01-01T00:00:00Z","fields":{}}`, `{"version":"1","id":"msg_1","fields":{}}`, `{"version":1.0,"id":"msg_1","fields":{}}`, `{"version":1,"id":"","fields":{}}`, `{"version":1,"id":7,"fields":{}}`,
	`{"version":1,"id":"msg_1"}`, `{"version":1,"id":"msg_1","fields":null}`, `{"version":1,"id":"msg_1","fields":[]}`, `{"version":1,"id":"msg_1","fields":{"a":1}}`, `{"version":1,"id":"msg_1","fields":{"a":null}}`, `{"VERSION":1,"ID":"msg_1","Fields":{"a":"b"}}`,
	`{"version":1,"id":"msg_1","accepted":"yesterday","fields":{}}`, `{"version":1,"version":2,"id":"a","id":"b","fields":{"a":"b"},"fields":{"c":"d"}}`, `{"version":1,"id":"\ud83d","fields":{"\u0000":"\u202e"}}`,
	`{"version":1,"id":"msg_1","fields":{}} `, `{"version":1,"id":"msg_1","fields":{}}{}`, `[{"version":1}]`, `null`, ``, `x`, "\x00\x00\x00", `"text"`, "\ufeff{}", strings.Repeat("[", 20000),
}

// faults are how an operation of the disk can fail.
var faults = []string{"ENOENT", "ENOSPC", "EIO", "unsupported", "panic"}

// scripts are what is done with a folder while its disk fails.
var scripts = [][]string{
	{"write a 1", "write a 2", "write b 3", "read a", "waiting", "clear a", "unread b why", "revive", "read b", "clean", "write c 4"},
	{"put new/old.json 900", "put failed/old.json 900", "put tmp/old.json 2", "put tmp/new.json 0", "put new/note.txt 900", "data new/odd.json {", "clean", "waiting", "read odd", "read old", "unread odd why", "clear old why", "revive", "waiting"},
	{"write a 1", "wipe", "read a", "remove a", "clear a why", "unread a why", "write b 2", "wipe", "waiting", "revive", "clean", "clear b why"},
}

// manyFailed are more than failed/ keeps.
var manyFailed = []string{"", "fill failed 1003", "clean", "write a 1", "clear a why", "waiting"}

// outcomes are how a try ends in a play, those that change most the oftenest.
var outcomes = []string{
	"delivered", "delivered", "delivered", "later", "alone", "alone", "unanswered", "unanswered", "unanswered", "wait", "hold", "refused", "refused", "longhold", "aside", "aside", "undecided",
}

// plays are what is surely done with a schedule.
var plays = [][]string{
	{"next", "add 0", "next", "done delivered", "next"},
	{"add 0", "add 0", "add 0", "try alone", "try alone", "try delivered", "try delivered", "try delivered", "try delivered"},
	{"add 0", "add 0", "try refused", "try delivered", "try later", "add 0", "try delivered", "try refused", "try refused", "hurry", "try delivered"},
	{"add 0", "add 0", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "try unanswered", "add 0", "try later", "try delivered", "try delivered"},
	{"add 10", "add 5", "add 20", "add 0", "try aside", "try aside", "try hold", "try hold", "try hold", "try hold", "try hold", "try hold", "hurry", "try wait", "try wait", "try delivered", "try delivered", "try delivered", "try delivered"},
	{"add 300000", "add 0", "try later", "try later", "add 300000", "retry 60", "step 61", "try later", "try later", "try later"},
	{"add 259190", "add 259180", "add 0", "add 0", "try alone", "step 2", "try alone", "step 30", "try alone", "step 30", "try alone", "step 30", "try alone"},
	{"add 0", "add 0", "add 0", "try longhold", "try later", "step 61", "try delivered", "try delivered", "step 10", "try delivered"},
	{"add 0", "add 0", "add 0", "next", "defer", "next", "hurry", "drop", "next", "next", "step -4000", "done longhold", "step 7300", "try longhold", "try delivered", "try delivered"},
}

func fuzzPlay(g *generator) []string {
	list := []string{}

	for range 1 + g.IntN(40) {
		switch g.IntN(20) {
		case 0, 1, 2, 3, 4:
			list = append(list, "add "+pick(g, []string{"0", "0", "1", "30", "3600", "259190", "300000"}))
		case 5:
			list = append(list, pick(g, []string{"hurry", "hurry", "drop", "defer", "next", "retry 3600", "retry 259200"}))
		case 6:
			list = append(list, "step "+pick(g, []string{"0", "1", "9", "61", "3600", "22000", "100000", "-1", "-70", "-86400"}))
		case 7:
			list = append(list, "next", pick(g, []string{"hurry", "add 0", "step 5", "next"}), "done "+pick(g, outcomes))
		case 8:
			list = append(list, "next", pick(g, []string{"drop", "defer"}))
		default:
			list = append(list, "try "+pick(g, outcomes))
		}
	}

	return list
}

func fuzzFolder(g *generator) []string {
	list := []string{pick(g, []string{
		"",
		fmt.Sprintf("%d %s", 1+g.IntN(30), pick(g, faults)),
		fmt.Sprintf("%d+ %s", 1+g.IntN(30), pick(g, faults)),
		pick(g, []string{"MkdirAll", "Write", "Rename", "SyncDir", "Read", "List", "Remove"}) + " " + pick(g, faults),
	})}

	for range 1 + g.IntN(12) {
		switch g.IntN(8) {
		case 0:
			list = append(list, "data new/"+pick(g, []string{"a", "b", "é", "-"})+".json "+g.mutate(pick(g, files)))
		case 1:
			list = append(list, fmt.Sprintf("put %s/%s %d", pick(g, []string{"tmp", "new", "failed"}), pick(g, []string{"a.json", "b.json", "c.txt", ".json"}), g.IntN(1500)))
		case 2:
			list = append(list, pick(g, []string{"wipe", "waiting", "revive", "clean", "clean"}))
		default:
			list = append(list, pick(g, []string{"write", "write", "read", "remove", "clear", "unread"})+" "+pick(g, []string{"a", "b", "é"})+" "+pick(g, []string{"", "why", g.name()}))
		}
	}

	return list
}

// folderSeeds are the scripts with each operation failing in turn.
func folderSeeds() [][]string {
	seeds := [][]string{manyFailed}

	for _, script := range scripts {
		plans := []string{""}

		for _, fault := range faults {
			for at := 1; at <= 30; at++ {
				plans = append(plans, fmt.Sprintf("%d %s", at, fault))
			}

			for _, which := range []string{"1+", "8+", "MkdirAll", "Write", "Rename", "SyncDir", "Read", "List", "Remove"} {
				plans = append(plans, which+" "+fault)
			}
		}

		for _, plan := range plans {
			seeds = append(seeds, append([]string{plan}, script...))
		}
	}

	return seeds
}

// keyFiles are what may lie where the key should.
var keyFiles = []string{
	`{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"2026-01-01T00:00:00Z"}`,
	`{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"2025-12-01T00:00:00.5+02:00","lost":true,"later":[1]}`,
	`{"version":2,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"2026-01-01T00:00:00Z"}`,
	`{"version":1,"key":"AA==","since":"2026-01-01T00:00:00Z"}`, `{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}`, `{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"then"}`,
	`{"version":1,"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","since":"2026-01-01T00:00:00Z","check":"0123456789abcdef"}`,
	`{"version":1,"key":7,"since":null}`, "", "{", "null", "[]", "\x00",
}

// books are what two processes do with those who were seen.
var books = [][]string{
	{"find 0 1", "learn 0 3600", "open 0", "find 0 1", "mark 0 1", "mark 0 1", "find 0 1", "knows 0 1", "open 1", "find 1 1", "check 1 2", "mark 1 2", "find 0 2", "learns 0", "step 0 3600", "due 0", "due 1", "check 1 3", "learns 1"},
	{"learn 0 3600", "open 0", "new 0", "new 0", "mark 0 a@b", "find 0 1,A@B", "find 0 1,a@b", "find 0 2,a@b", "open 1", "find 1 1", "learns 1"},
	{"open 0", "due 0", "mark 0 1", "open 1", "find 1 1", "wipe", "check 0 2", "check 1 2", "learns 1", "mark 1 1", "mark 0 1", "new 0", "step 0 700000", "due 0", "due 1"},
	{"learn 0 60", "open 0", "mark 0 1", "step 0 61", "due 0", "lose 0 key", "open 1", "due 1", "check 0 1", "find 0 1", "damage 0 {", "step 0 -70", "check 0 1", "step 0 200", "check 0 1", "check 1 1", "find 1 1", "mark 1 1"},
	{"damage 0 half", "open 0", "find 0 1", "mark 0 1", "remember 0 1", "knows 0 1", "step 0 61", "open 0", "remember 0 1", "knows 0 1", "mark 0 2", "mark 0 3", "mark 0 4", "mark 0 5", "mark 0 6", "mark 0 7", "knows 0 1", "knows 0 2", "knows 0 7", "find 0 2"},
}

// bookSeeds are the books with each operation of the disk failing in turn.
func bookSeeds() [][]string {
	seeds := [][]string{}

	for i, script := range books {
		plans := []string{"", "1+ ENOSPC", "6+ EIO", "9+ ENOENT", "SyncDir unsupported", "Read ENOENT", "Remove EIO", "Rename EIO", "Folders EIO", "List EIO", "Write ENOSPC"}

		for at := 1; at <= 40; at++ {
			plans = append(plans, fmt.Sprintf("%d %s", at, faults[(i+at)%len(faults)]))
		}

		for _, plan := range plans {
			seeds = append(seeds, append([]string{plan, "1"}, script...))
		}

	}

	// With all folders, but no marker: where it would stand is chance.
	return append(seeds, []string{"", "256", "learn 0 60", "open 0", "find 0 1", "open 1", "step 0 61", "due 1", "open 0"})
}

func fuzzBook(g *generator) []string {
	list := []string{"", "1", "learn 0 " + pick(g, []string{"0", "60", "86400"})}

	if g.IntN(2) == 0 {
		list[0] = fmt.Sprintf("%d%s %s", 1+g.IntN(50), pick(g, []string{"", "", "+"}), pick(g, faults))
	}

	for range 2 + g.IntN(20) {
		words := pick(g, []string{"open", "check", "check", "find", "find", "find", "mark", "mark", "mark", "knows", "remember", "due", "new", "learns", "step", "wipe", "lose", "damage"})
		rest := pick(g, []string{"1", "2", "3", "a@b", "B@C", "1,a@b", "4,b@c"})

		switch words {
		case "step":
			rest = pick(g, []string{"1", "59", "61", "86400", "-61"})
		case "lose":
			rest = pick(g, []string{"key", "learned"})
		case "damage":
			rest = pick(g, []string{"half", "{}"})
		}

		list = append(list, words+" "+pick(g, []string{"0", "0", "1"})+" "+rest)
	}

	return list
}

// deliveries are what is done with a notifier.
var deliveries = [][]string{
	{"join {name}", "event a", "event b", "event c", "answers 503 200 500 200", "work", "work", "scan"},
	// Given up, and brought back before it is cleared where failed/ cannot be
	// synced: the 21st operation.
	{"join {name}", "scan", "other 100h 0s .failed.json a", "scan", "answers 404", "work", "join {name}!", "scan", "work", "scan", "pass 721h", "hourly"},
	// Those of another process, of all ages, then damaged ones, then too old ones.
	{
		"join {name}", "scan", "event a", "other 0s 0s .json new", "other 4m50s 4m50s .json younger", "other 5m 5m .json older", "other 0s 5m .json written", "other 5m 0s .json accepted", "scan", "work",
		"other 0s 0s .failed.json back", "other -4m50s -4m50s .json ahead", "other -5m10s -5m10s .json astray", "other -24h -24h .json tomorrow", "other 490000h 0s .json long", "scan", "work", "pass 10s", "scan", "work", "pass 5m", "scan", "work",
	},
	{
		"other 0s 0s .json first", "other 0s 0s .json", "join {name}", "scan", "scan", "work", "other 1m 1m .json", "other 6m 6m .json", "other 1m 1m .failed.json", "scan", "work", "scan", "join {name}!", "other 1m 1m .json joined", "scan", "work",
	},
	{
		"join {name}", "scan", "event a", "other 1h 1h .json b", "scan", "answers 503 503 503", "work", "pass 719h59m", "event c", "other 721h 721h .json unseen", "hourly", "pass 10m", "hourly", "hourly",
		"answers 503 503 503", "work", "pass 2m", "scan", "hourly", "work", "work", "pass 721h", "hourly",
	},
	{"join {name} {email}", "event a", "event b", "answers 404 403", "work", "event c", "work", "join {email}", "work", "scan"},
	{"join {name}", "event a", "old b", "answers 400 refused 299", "work", "work", "scan", "join {name}!", "scan", "work"},
	{"join {name}", "event a", "wipe", "event b", "work", "event c", "answers 429 reset", "wipe", "work", "work"},
	{"join {name}", "put 01767225601000000000-x.json {\"version\":1,\"id\":\"msg_x\",\"fields\":{\"name\":\"X\"}}", "put 01767225602000000000-y.json {\"version\":1", "put 01767225603000000000-z.json {\"version\":9,\"id\":\"z\",\"fields\":{}}", "scan", "work", "scan", "work"},
	{"watch 0s", "guest a", "guest a", "event b", "guest b", "work", "wipe", "guest c", "guest a", "newcomer d", "guest d", "work"},
	{"watch 1h", "guest a", "newcomer b", "guest b", "pending c", "guest c", "guest c", "work", "watch 0s", "guest d", "work", "scan", "work"},
	{"watch 7d", "newcomer a", "guest b", "pending a", "join {name}", "guest c", "watch 7d", "guest c", "work", "scan"},
	{"event early", "join {id}", "event b", "event a", "answers timeout timeout timeout timeout timeout timeout", "work", "work", "work", "work", "work", "work", "work"},
}

// ages are those at which it changes what becomes of another process's file,
// with some seconds in between for a machine that stalls.
var ages = []string{"0s", "0s", "1m", "4m50s", "5m", "6m", "721h", "-1m", "-4m50s", "-5m10s", "-24h"}

// deliverySeeds are the deliveries with each operation of the disk failing in
// turn.
func deliverySeeds() [][]string {
	seeds := [][]string{}

	for i, script := range deliveries {
		plans := []string{"", "1+ ENOSPC", "6+ EIO", "SyncDir unsupported", "Read ENOENT", "Remove EIO", "Rename EIO"}

		for at := 1; at <= 24; at++ {
			plans = append(plans, fmt.Sprintf("%d %s", at, faults[(i+at)%len(faults)]))
		}

		for _, plan := range plans {
			seeds = append(seeds, append([]string{plan}, script...))
		}
	}

	// What hangs costs a second.
	return append(seeds, append([]string{"7 hang"}, deliveries[0]...))
}

func fuzzDelivery(g *generator) []string {
	list := []string{"", "join {name}"}

	if g.IntN(2) == 0 {
		list[0] = fmt.Sprintf("%d%s %s", 1+g.IntN(40), pick(g, []string{"", "", "+"}), pick(g, faults))
	}

	for i := range 1 + g.IntN(12) {
		switch g.IntN(9) {
		case 0:
			list = append(list, pick(g, []string{"join {email}", "join {name}", "scan", "scan", "wipe", "watch 0s", "watch 0s", "watch 1h"}))
		case 1, 2, 3:
			list = append(list, pick(g, []string{"event", "event", "event", "old", "guest", "newcomer", "pending"})+fmt.Sprintf(" %d", i-g.IntN(2)))
		case 4, 5:
			list = append(list, "answers "+strings.Join(g.words(5, "200", "299", "302", "400", "403", "404", "429", "500", "503", "refused", "timeout"), " "))
		case 6:
			list = append(list,
				pick(g, []string{"scan", "pass 10s", "pass 5m", "pass 719h", "hourly"}),
				fmt.Sprintf("other %s %s %s %s", pick(g, ages), pick(g, ages), pick(g, []string{".json", ".json", ".failed.json"}), pick(g, []string{"", "x", "y", "z"})),
				pick(g, []string{"scan", "hourly", "work"}))
		default:
			list = append(list, "work")
		}
	}

	return append(list, "answers", "work", "scan", "work")
}

// deliveryFunctions lists what is asked of everything that keeps a notice, and
// sends it again.
func deliveryFunctions() []judged {
	numbers := []string{"-1", "0", "1", "2", "4", "5", "9", "10", "1000"}

	return []judged{
		{pkg: "delivery", function: "Backoff", seeds: pairs(numbers, []string{"0", "-5", "1500000000"}), fuzz: func(g *generator) []string {
			return []string{strconv.Itoa(g.IntN(20)), strconv.Itoa(g.IntN(2) * g.IntN(1e9))}
		}},
		{pkg: "delivery", function: "retryAfter", seeds: singles(texts), fuzz: func(g *generator) []string { return []string{g.text()} }},
		{pkg: "delivery", function: "verdictOf", seeds: singles(words(statuses)), fuzz: fuzzNumber(700)},
		{pkg: "delivery", function: "mayBeAlone", seeds: singles(words(statuses)), fuzz: fuzzNumber(700)},
		{pkg: "delivery", function: "explainStatus", seeds: singles(words(statuses)), fuzz: fuzzNumber(700)},
		{pkg: "delivery", function: "explainError", seeds: pairs(errorKinds, []string{"no such host", "connection refused", ""}), fuzz: func(g *generator) []string {
			return []string{pick(g, errorKinds), g.text()}
		}},
		{pkg: "delivery", function: "askedFor", seeds: pairs([]string{"", "1", "x", "1800"}, answers), fuzz: func(g *generator) []string {
			return []string{g.text(), g.mutate(pick(g, answers))}
		}},
		{pkg: "delivery", function: "missing", seeds: pairs([]string{"", "ok", `"routed":true`}, codes, answers), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"", "o", "{"}), pick(g, codes), g.mutate(pick(g, answers))}
		}},
		{pkg: "delivery", function: "judge", seeds: pairs(words(statuses), []string{"", "1"}, []string{"", `{"retry_after":4,"errcode":1}`, `{"errcode":0}`}, []string{"", "errcode"}, codes[:2]), fuzz: func(g *generator) []string {
			return []string{strconv.Itoa(pick(g, statuses)), g.text(), g.mutate(pick(g, answers)), pick(g, []string{"", "", "o"}), pick(g, codes)}
		}},
		{pkg: "delivery", function: "Post", seeds: pairs(append(errorKinds, ""), []string{"text"}, []string{"200", "302", "404", "429", "503"}, []string{"2"}, []string{"/p"}, []string{"body"}, []string{`{"retry_after":4}`}, []string{"", "ok"}, []string{"whole", "torn"}), fuzz: func(g *generator) []string {
			return []string{pick(g, append(errorKinds, "", "", "")), g.text(), strconv.Itoa(pick(g, statuses)), g.text(), "/" + g.name(), g.name(), pick(g, answers), pick(g, []string{"", "ok"}), pick(g, []string{"whole", "torn"})}
		}},
		{pkg: "delivery", function: "WebhookID", seeds: pairs([]string{"a@file", "b@docker", ""}, names), fuzz: func(g *generator) []string {
			return []string{g.name(), pick(g, []string{"", "x"}) + g.name()}
		}, check: checkWebhookID},
		{pkg: "delivery", function: "Sign", seeds: pairs([]string{"msg_1"}, []string{"0", "-1", "1767225600"}, []string{"", "k", strings.Repeat("k", 64), strings.Repeat("k", 65)}, names), fuzz: func(g *generator) []string {
			return []string{g.name(), strconv.FormatInt(g.Int64(), 10), g.name(), g.name()}
		}, check: checkSignature},

		{pkg: "schedule", function: "play", seeds: plays, fuzz: fuzzPlay, rarely: 2},
		{pkg: "schedule", function: "ladder", seeds: pairs([]string{"hold", "aside"}, numbers[1:]), fuzz: func(g *generator) []string {
			return []string{pick(g, []string{"hold", "aside"}), strconv.Itoa(g.IntN(10))}
		}},

		{pkg: "outbox", function: "Folder", seeds: folderSeeds(), fuzz: fuzzFolder, rarely: 2},
		{pkg: "outbox", function: "Unclaimed", seeds: [][]string{
			{"", ""},
			{"", "mine", "mine/new/a.json", "gone/new/a.json", "gone/failed/b.json", "done/failed/b.json", "odd/new/a.txt", "z/new/a.json"},
			{"Folders EIO", "mine", "gone/new/a.json"},
			{"List EIO", "mine", "gone/new/a.json"},
			{"2 ENOENT", "", "a/new/a.json", "b/new/b.json"},
		}, fuzz: func(g *generator) []string {
			return append([]string{pick(g, []string{"", "2 EIO", "3 ENOENT"}), pick(g, []string{"", "a", "a b"})}, g.words(6, "a/new/a.json", "b/new/b.json", "b/new/c.json", "c/failed/d.json", "d/new/e.txt", "é/new/f.json")...)
		}},
		{pkg: "outbox", function: "parse", seeds: singles(files, documents), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, files))}
		}},
		{pkg: "outbox", function: "Subfolder", seeds: singles(names, []string{"Signups@file", "signups@file", "sign/ups@docker", "..", "CON", "a@kubernetescrd"}), fuzz: func(g *generator) []string { return []string{g.name()} }},
		{pkg: "outbox", function: "FileName", seeds: singles([]string{"0", "1", "1767225600123456789"}), fuzz: func(g *generator) []string {
			return []string{strconv.FormatInt(g.Int64(), 10)}
		}, check: checkFileName},
		{pkg: "outbox", function: "Found", seeds: pairs([]string{"state", "", "/a/../b"}, []string{"x@file"}, []string{"01767225600123456789-0123456789ab.json", "-.json", "x.json", "", "99999999999999999999-a.json", "-5-a.json", "9223372036854775807-a.json"}), fuzz: func(g *generator) []string {
			return []string{"state", g.name(), g.mutate("01767225600123456789-0123456789ab.json")}
		}},
		{pkg: "outbox", function: "Patience", seeds: [][]string{
			{"", "an error", "panic", ""},
			strings.Split(strings.Repeat("panic,,no,", 70), ","),
		}, fuzz: func(g *generator) []string {
			return g.words(20, "", "", "no", "panic")
		}, stalls: true, rarely: 2},
		{pkg: "outbox", function: "hanging", seeds: singles([]string{"70"}), stalls: true},

		{pkg: "seen", function: "Book", seeds: bookSeeds(), fuzz: fuzzBook, rarely: 2},
		{pkg: "seen", function: "recent", seeds: [][]string{{"2", "1", "2", "-1", "3", "-1", "-2", "4", "5", "-3", "-1"}}, fuzz: func(g *generator) []string {
			list := []string{strconv.Itoa(1 + g.IntN(4))}
			for range g.IntN(40) {
				list = append(list, strconv.Itoa(g.IntN(20)-10))
			}

			return list
		}},
		{pkg: "seen", function: "markOf", seeds: pairs([]string{"", "key", strings.Repeat("k", 65)}, []string{"id\x00", "email\x00"}, names), fuzz: func(g *generator) []string {
			return []string{g.name(), pick(g, []string{"id\x00", "email\x00"}), g.name()}
		}},
		{pkg: "seen", function: "folderName", seeds: singles([]string{"0", "1", "15", "16", "255"}), fuzz: fuzzNumber(256)},
		{pkg: "seen", function: "parse", seeds: singles(keyFiles, documents), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, keyFiles))}
		}},

		{pkg: "config", function: "parseSecret", seeds: singles(secrets), fuzz: func(g *generator) []string {
			return []string{g.mutate(pick(g, secrets))}
		}},
		{pkg: "signupwebhook", function: "outage", seeds: [][]string{{"0", "1 a", "2 a", "3 a", "4 a", "5 b", "6 given up", "9", "9", "9 a", "8"}}, fuzz: func(g *generator) []string {
			list := []string{}
			for range g.IntN(30) {
				list = append(list, strconv.Itoa(g.IntN(100000))+pick(g, []string{"", " a", " a", " a", " b", " given up"}))
			}

			return list
		}},
		{pkg: "signupwebhook", function: "deliver", seeds: deliverySeeds(), fuzz: fuzzDelivery, stalls: true, rarely: 4},
	}
}

// checkWebhookID computes the id anew; without an account it is random.
func checkWebhookID(args []string, answer string) string {
	switch {
	case args[1] == "" && !randomID.MatchString(answer):
		return "no random id"
	case args[1] != "" && answer != webhookID(args[0], args[1]):
		return "not the account's id"
	}

	return ""
}

// checkSignature computes the signature anew, by the words of Standard
// Webhooks.
func checkSignature(args []string, answer string) string {
	id, seconds, key, body := args[0], args[1], args[2], args[3]
	want := map[string][]string{"Webhook-Id": {id}, "Webhook-Timestamp": {seconds}}

	if key != "" {
		mac := hmac.New(sha256.New, []byte(key))
		fmt.Fprintf(mac, "%s.%s.%s", id, seconds, body)
		want["Webhook-Signature"] = []string{"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
	}

	if answer != fmt.Sprint(want) {
		return fmt.Sprintf("got: %s, want: %v", answer, want)
	}

	return ""
}

var fileName = regexp.MustCompile(`^(\d{20})-[0-9a-f]{12}\.json$`)

// checkFileName looks for the nanoseconds, by which the files sort.
func checkFileName(args []string, answer string) string {
	found := fileName.FindStringSubmatch(answer)
	if found == nil || strings.TrimLeft(found[1], "0") != strings.TrimLeft(args[0], "0") {
		return "no name by time"
	}

	return ""
}

// Where chance decides, it does so within its bounds, and not always the same.
func TestChance(t *testing.T) {
	gopath, module := copied(t)
	watch(t)

	interpreter, err := interp.Open(gopath, t.Output(), t.Output())
	if err != nil {
		t.Fatal(err)
	}

	ask := map[string]func(string, []string) string{}

	for _, pkg := range []string{"delivery", "schedule"} {
		if err := interp.Import(interpreter, path.Join(module, "internal", pkg)); err != nil {
			t.Fatal(err)
		}

		entry, err := interpreter.Eval(pkg + ".Judge")
		if err != nil {
			t.Fatal(err)
		}

		ask[pkg] = entry.Interface().(func(string, []string) string)
	}

	compiled := buildCompiled(t, filepath.Join(gopath, "src", module))

	const minute = time.Minute

	testCases := []struct {
		desc        string
		q           question
		least, most time.Duration
	}{
		{"the first backoff", question{"delivery", "Backoff", []string{"1", "0"}}, time.Millisecond, time.Second + time.Millisecond},
		{"the fourth", question{"delivery", "Backoff", []string{"4", "0"}}, time.Millisecond, 8*time.Second + time.Millisecond},
		{"the last", question{"delivery", "Backoff", []string{"1000", "0"}}, time.Millisecond, 5*minute + time.Millisecond},
		{"the receiver's wish", question{"delivery", "Backoff", []string{"9", "1500000000"}}, 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"the first hold", question{"schedule", "ladder", []string{"hold", "0"}}, 4500 * time.Millisecond, 5500 * time.Millisecond},
		{"the last hold", question{"schedule", "ladder", []string{"hold", "99"}}, 54 * minute, 66 * minute},
		{"the first time aside", question{"schedule", "ladder", []string{"aside", "0"}}, 9 * time.Second, 11 * time.Second},
		{"the last time aside", question{"schedule", "ladder", []string{"aside", "4"}}, 324 * minute, 396 * minute},
	}

	for _, test := range testCases {
		t.Run(test.desc, func(t *testing.T) {
			asked := make([]question, 200)
			for i := range asked {
				asked[i] = test.q
			}

			interpreted := make([]string, 0, len(asked))
			for _, q := range asked {
				interpreted = append(interpreted, guarded(ask[q.Package], q))
			}

			for side, given := range map[string][]string{"interpreted": interpreted, "compiled": compiled(asked)} {
				checkChance(t, side, given, test.least, test.most)
			}
		})
	}
}

// checkChance looks whether random waits fill the time between two bounds.
func checkChance(t *testing.T, side string, given []string, least, most time.Duration) {
	t.Helper()

	shortest, longest := most, least

	for _, text := range given {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}

		shortest, longest = min(shortest, time.Duration(number)), max(longest, time.Duration(number))
	}

	// Of 200, some come near each bound.
	near := (most - least) / 10
	if shortest < least || shortest > least+near || longest > most || longest < most-near {
		t.Errorf("%s, got: %s to %s, want: %s to %s", side, shortest, longest, least, most)
	}
}
