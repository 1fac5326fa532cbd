package seen

// Those who were seen lately, in memory, so that a page load costs no disk.

// maxRecent is how many accounts one half of the memory holds: some 2 MB for
// both.
const maxRecent = 50000

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

// has tells whether a number is there, and keeps it there for longer.
func (r *recent) has(n uint64) bool {
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
