package seen

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

const (
	// keySize is that of the key, in bytes.
	keySize = 32
	// maxFolders is how many there are for the markers.
	maxFolders = 256
	// maxRecent is how many accounts one half of the memory holds: some 2 MB
	// for both.
	maxRecent = 50000
)

// What an account is marked by. A byte that no text holds ends it, so that no
// id looks like an address.
const (
	byID    = "id\x00"
	byEmail = "email\x00"
)

// markOf is the marker of a text, in hexadecimal.
func markOf(key []byte, kind, text string) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(kind + text))
	return hex.EncodeToString(mac.Sum(nil))
}

// number is the beginning of a marker, which is enough for the memory: that a
// new account has one of 100,000 others is as likely as a hit in 10^14.
func number(mark string) uint64 {
	bits, _ := hex.DecodeString(mark[:16])
	return binary.BigEndian.Uint64(bits)
}

func folderName(i int) string {
	return hex.EncodeToString([]byte{byte(i)})
}

func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails on the systems that Go supports
	return key
}

func randomName() string {
	return hex.EncodeToString(newKey()[:6])
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
