package delivery

// What an answer means for the notice: one table of statuses, and what a 2xx
// must hold.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Success is what an answer must hold to mean a delivery, beside its status,
// for receivers that say 200 to everything.
type Success struct {
	Contains string   // a text that must be in it; "" for none
	Codes    []string // gjson paths, of which the first that is there must be 0
	Slow     []int64  // values of it that ask for fewer notices
	Refused  string   // what else to check after a 400; "" for nothing
}

// statusVerdict is what each status means that is no 2xx.
var statusVerdict = map[int]Verdict{
	401: Hold,
	403: Hold,
	404: Hold,
	405: Hold,
	407: Hold,
	408: Later,
	410: Hold,
	425: Later,
	429: Later,
}

// verdictOf is the table of statuses.
func verdictOf(status int) Verdict {
	if status >= 200 && status <= 299 {
		return Delivered
	}
	verdict := statusVerdict[status]
	if verdict != Undecided {
		return verdict
	}
	if status >= 300 && status <= 399 {
		return Hold
	}
	if status >= 400 && status <= 499 {
		return Aside
	}
	return Later
}

// mayBeAlone tells whether a failure may be about one notice: a firewall that
// refuses a name, a flow that crashes on it. All others are the receiver's own.
func mayBeAlone(status int) bool {
	if status == 408 || status == 429 {
		return false
	}
	return status <= 500
}

// judge says what an answer means.
func judge(status int, header http.Header, answer []byte, success Success, now time.Time) *Outcome {
	verdict := verdictOf(status)
	if verdict != Delivered {
		return failure(verdict, status, header, answer, success, now)
	}
	outcome := &Outcome{Verdict: Delivered, Status: status}
	if success.Contains != "" || len(success.Codes) > 0 {
		lookInto(outcome, header, answer, success, now)
	}
	return outcome
}

// failure is the outcome of a status that is no success.
func failure(verdict Verdict, status int, header http.Header, answer []byte, success Success, now time.Time) *Outcome {
	outcome := &Outcome{
		Verdict: verdict,
		Alone:   mayBeAlone(status),
		Status:  status,
		Wait:    askedFor(header, answer, now),
		Reason:  explainStatus(status),
	}
	if status == 400 && success.Refused != "" {
		outcome.Reason = outcome.Reason + " " + success.Refused
	}
	return outcome
}

// lookInto makes a failure of a 2xx whose answer lacks something.
func lookInto(outcome *Outcome, header http.Header, answer []byte, success Success, now time.Time) {
	problem, slow := missing(success, answer)
	if problem != "" {
		outcome.Verdict = Later
		outcome.Alone = !slow
		outcome.Wait = askedFor(header, answer, now)
		outcome.Reason = problem
	}
}

// missing says what an answer with a 2xx lacks, "" if it means a delivery, and
// whether it asks for fewer notices.
func missing(s Success, answer []byte) (string, bool) {
	if s.Contains != "" && !strings.Contains(string(answer), s.Contains) {
		return "its answer does not hold the text of answerContains. " + adviceAnswer, false
	}
	if len(s.Codes) == 0 {
		return "", false
	}
	code := codeOf(s, answer)
	if !code.Exists() {
		return "its answer has no code for success. " + adviceAnswer, false
	}
	if code.Num == 0 {
		return "", false
	}
	for _, slow := range s.Slow {
		if code.Num == float64(slow) {
			return fmt.Sprintf("its answer has the code %s. %s", code.Raw, adviceRate), true
		}
	}
	return fmt.Sprintf("its answer has the code %s. %s", short(code.Raw), adviceAnswer), false
}

// codeOf is the first code that is in an answer. What is no number is none.
func codeOf(s Success, answer []byte) gjson.Result {
	none := gjson.Result{}
	if !json.Valid(answer) {
		return none
	}
	for _, path := range s.Codes {
		code := gjson.GetBytes(answer, path)
		if code.Exists() {
			if code.Type == gjson.Number {
				return code
			}
			return none
		}
	}
	return none
}

// short keeps a stranger's number from filling the log.
func short(number string) string {
	if len(number) > 24 {
		return number[:24]
	}
	return number
}

// askedFor is how long the receiver asks to wait: in the header Retry-After,
// or in the answer as Discord and Telegram do, whichever is longer.
func askedFor(header http.Header, answer []byte, now time.Time) time.Duration {
	wait := retryAfter(header.Get("Retry-After"), now)
	if !json.Valid(answer) {
		return wait
	}
	for _, path := range []string{"retry_after", "parameters.retry_after"} {
		value := gjson.GetBytes(answer, path)
		if value.Type == gjson.Number {
			inBody := retryAfter(value.Raw, now)
			if inBody > wait {
				wait = inBody
			}
		}
	}
	return wait
}
