package seen

// Those who were seen lately, in memory, so that a page load costs no disk.

import "hash/maphash"

// maxRecent is how many accounts one half of the memory holds: some 2 MB for
// both.
const maxRecent = 50000

// seed makes the numbers of this process.
var seed = maphash.MakeSeed()

// numberOf is what is remembered of an id: that a new account has the number of
// one of 100,000 others is as likely as a hit in 10^14.
func numberOf(id string) uint64 {
	return maphash.String(seed, id)
}

// recent is a bounded memory of numbers. When its newer half is full, the
// older one is forgotten.
type recent struct {
	most  int
	newer map[uint64]bool
	older map[uint64]bool
}

func newRecent(most int) *recent {
	return &recent{most: most, newer: map[uint64]bool{}, older: map[uint64]bool{}}
}

// isRecent tells whether a number is there, and keeps it there for longer. It is
// no method, as Knows is none.
func isRecent(r *recent, n uint64) bool {
	if r.newer[n] {
		return true
	}
	if !r.older[n] {
		return false
	}
	r.add(n)
	return true
}

func (r *recent) add(n uint64) {
	if r.newer[n] {
		return
	}
	if len(r.newer) >= r.most {
		r.older = r.newer
		r.newer = map[uint64]bool{}
	}
	r.newer[n] = true
}
