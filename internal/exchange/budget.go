package exchange

// Memory that strangers share: how much is kept of one exchange, and of all.

import (
	"sync"

	"github.com/traefik-openwebui/signupwebhook/internal/tally"
)

const (
	// maxBody is how much of one request is kept: its name and e-mail stand
	// in the first few hundred bytes, and it holds a password.
	maxBody = 64 << 10
	// maxAnswer is how much of one answer is held before it streams.
	maxAnswer = 1 << 20
	// firstAnswer is the part of an answer that may use the reserve.
	firstAnswer = 64 << 10
	// maxTotal is what all kept bodies share, and all held answers too, beyond
	// the first few KiB of each.
	maxTotal = 32 << 20
	// uncounted is how much of each body and answer is not counted, so that
	// those of ordinary sign-ups are read whatever else goes on. A connection
	// alone takes Traefik more.
	uncounted = 4 << 10
	// reserve is the part of maxTotal that only the first 64 KiB of an answer
	// may use, so that large answers never keep a small one from being read.
	reserve = 8 << 20
)

// budget is memory that strangers share.
type budget struct {
	mu      *sync.Mutex
	free    int
	refused *tally.Tally
}

func newBudget(size int) *budget {
	return &budget{mu: &sync.Mutex{}, free: size, refused: tally.New()}
}

// takeFrom reserves n bytes, if more than spare stay free after it.
func takeFrom(b *budget, n, spare int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.free-n < spare {
		return false
	}
	b.free -= n
	return true
}

// giveBack returns n bytes.
func giveBack(b *budget, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += n
}

// buffer is a slice that grows within a budget and up to a size of its own.
type buffer struct {
	data   []byte
	max    int
	budget *budget
}

// addTo appends p whole, or refuses it. spare is as in takeFrom.
func addTo(b *buffer, p []byte, spare int) bool {
	want := len(b.data) + len(p)
	if want > b.max {
		return false
	}
	if want > cap(b.data) && !grow(b, want, spare) {
		return false
	}
	b.data = append(b.data, p...)
	return true
}

// grow makes room for so much. What is small is not counted.
func grow(b *buffer, want, spare int) bool {
	if want > uncounted {
		return growCounted(b, want, spare)
	}
	room := want
	if len(b.data) > 0 { // it comes in pieces
		room = uncounted
	}
	widen(b, room)
	return true
}

// growCounted doubles the room, so that a body sent byte by byte is not copied
// for each; the budget counts the room and not what is in it.
func growCounted(b *buffer, want, spare int) bool {
	room := 2 * cap(b.data)
	if room < want {
		room = want
	}
	if room > b.max {
		room = b.max
	}
	if !takeFrom(b.budget, counted(room)-counted(cap(b.data)), spare) {
		return false
	}
	widen(b, room)
	return true
}

func widen(b *buffer, room int) {
	data := make([]byte, len(b.data), room)
	copy(data, b.data)
	b.data = data
}

// drop forgets the data and gives its room back.
func drop(b *buffer) {
	if cap(b.data) > uncounted {
		giveBack(b.budget, counted(cap(b.data)))
	}
	b.data = nil
}

// counted is how much of a buffer's room the budget counts.
func counted(room int) int {
	if room <= uncounted {
		return 0
	}
	return room - uncounted
}
