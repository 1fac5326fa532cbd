package openwebui

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// settling is how long an account may be without its notice.
const settling = 40 * time.Second

// Result is what became of an attempt, or of its second sign-up.
type Result struct {
	Attempt  Attempt
	Status   int // of the answer, 0 without one
	Accounts []webui.Account
	Notices  []string

	err error // of the sending
}

// Fault says what is wrong, "" for nothing: that the attempt did not end as its
// row says, or that accounts and notices do not fit each other.
func (r Result) Fault() string {
	var faults []string

	if fault := r.Unexpected(); fault != "" {
		faults = append(faults, fault)
	}

	if fault := r.Misannounced(); fault != "" {
		faults = append(faults, fault)
	}

	return strings.Join(faults, "; ")
}

// Unexpected says in what the attempt did not end as its row says, whatever was
// announced.
func (r Result) Unexpected() string {
	switch {
	case r.err != nil:
		return r.err.Error()
	case len(r.Accounts) == 0 && r.Attempt.Want == Account:
		return fmt.Sprintf("got: no account (status %d), want: one", r.Status)
	case len(r.Accounts) > 0 && r.Attempt.Want == Refused:
		return "got: an account, want: none"
	}

	return ""
}

// Misannounced says in what the notices are not those of the accounts, each once
// and by its name.
func (r Result) Misannounced() string {
	want := []string{}
	for _, account := range r.Accounts {
		want = append(want, noticeOf(account))
	}

	got := slices.Sorted(slices.Values(r.Notices))
	slices.Sort(want)

	if slices.Equal(got, want) {
		return ""
	}

	return fmt.Sprintf("got: notices %q, want: %q", got, want)
}

// noticeOf is the message for an account. A name of white space shows as the
// e-mail; one of more than 200 characters is cut.
func noticeOf(account webui.Account) string {
	name := strings.Join(strings.Fields(account.Name), " ")
	if name == "" {
		name = account.Email
	}

	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[:200]) + "…"
	}

	return account.ID + " " + account.Email + " " + name
}

// Run makes all attempts, some at a time, waits until everything is settled, and
// returns a result for each, and a last one that holds what belongs to none.
// Meanwhile nobody else may sign up to the server, or post to the sink.
func Run(ctx context.Context, app *webui.Server, sink *receiver.Receiver, front func(a Attempt) Front, attempts []Attempt) ([]Result, error) {
	before, err := app.Users(ctx)
	if err != nil {
		return nil, err
	}

	known := map[string]bool{}
	for _, account := range before {
		known[account.ID] = true
	}

	run := strings.ToLower(rand.Text()[:8])
	noticesBefore := len(sink.Taken())
	results := make([]Result, len(attempts))

	var (
		next    atomic.Int64
		workers sync.WaitGroup
	)

	// More at a time would only wait for the one server behind.
	for range 4 {
		workers.Go(func() {
			for {
				number := int(next.Add(1)) - 1
				if number >= len(attempts) {
					return
				}

				a := attempts[number].withDefaults()
				results[number].Attempt = a
				results[number].Status, results[number].err = front(a).send(ctx, a, personOf(run, number))
			}
		})
	}

	workers.Wait()

	accounts, err := settle(ctx, app, sink, front, attempts, run, len(before), noticesBefore)
	if err != nil {
		return nil, err
	}

	rest := Result{Attempt: Attempt{Desc: "nobody's"}.withDefaults()}
	rest.Attempt.Want = Open

	byEmail := map[string]*Result{}

	for number := range results {
		one := personOf(run, number)
		byEmail[one.email] = &results[number]

		if results[number].Attempt.Twice {
			byEmail[one.second().email] = &results[number]
		}
	}

	of := func(email string) *Result {
		if result := byEmail[email]; result != nil {
			return result
		}

		return &rest
	}

	for _, account := range accounts {
		if !known[account.ID] && !isLast(account.Email) {
			result := of(account.Email)
			result.Accounts = append(result.Accounts, account)
		}
	}

	for _, notice := range sink.Taken()[noticesBefore:] {
		_, after, _ := strings.Cut(notice.Body, " ")

		email, _, _ := strings.Cut(after, " ")
		if !isLast(email) {
			result := of(email)
			result.Notices = append(result.Notices, notice.Body)
		}
	}

	return append(results, rest), nil
}

// settle waits until there are as many notices as accounts, or too long, then
// sends one more sign-up through each site, and waits for these: notices go in
// order, so by then no other one is on its way. It returns all accounts.
func settle(ctx context.Context, app *webui.Server, sink *receiver.Receiver, front func(a Attempt) Front, attempts []Attempt, run string, before, noticesBefore int) ([]webui.Account, error) {
	if _, err := level(ctx, app, sink, before, noticesBefore); err != nil {
		return nil, err
	}

	type place struct {
		front Front
		host  string
	}

	sent := map[place]bool{}

	for _, a := range attempts {
		a := a.withDefaults()
		last := Attempt{Desc: "the last", Chain: a.Chain, Place: a.Place}.withDefaults()
		at := place{front(a), last.host()}

		if sent[at] {
			continue
		}

		sent[at] = true

		status, err := at.front.send(ctx, last, person{name: "Last", email: fmt.Sprintf("%s%d.%s@example.org", lastPrefix, len(sent), run)})
		if err != nil || status != 200 {
			return nil, fmt.Errorf("the last sign-up at %s: status %d: %w", last.host(), status, err)
		}
	}

	return level(ctx, app, sink, before, noticesBefore)
}

const lastPrefix = "last-of-all-"

func isLast(email string) bool { return strings.HasPrefix(email, lastPrefix) }

// level waits until the counts agree and returns the accounts of that moment;
// where they do not, those of the end of its patience, for the judge to name.
func level(ctx context.Context, app *webui.Server, sink *receiver.Receiver, before, noticesBefore int) ([]webui.Account, error) {
	end := time.Now().Add(settling)

	for {
		accounts, err := app.Users(ctx)
		if err != nil {
			return nil, err
		}

		if len(accounts)-before == len(sink.Taken())-noticesBefore || time.Now().After(end) {
			return accounts, nil
		}

		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
