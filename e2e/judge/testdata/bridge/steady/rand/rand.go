// Package rand takes the place of math/rand where a judged package waits for
// a random time: chance would let no two runs agree.
package rand

// Int63n always returns the same of the numbers below n.
func Int63n(n int64) int64 {
	return n - n/3 - 1
}
