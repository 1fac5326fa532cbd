package constcompare

import (
	"constcompare/state"
	"time"
)

type Place int

const (
	First  Place = iota + 1 // want First:"by expression"
	Second                  // want Second:"by expression"
)

type Flag uint8

const (
	Read  Flag = 1 << iota // want Read:"by expression"
	Write                  // want Write:"by expression"
)

const Key string = "a" + "b" // want Key:"by expression"

const Alias = Second // want Alias:"by expression"

func bad(p Place, q state.Number, f Flag, m map[Place]string, t map[string]string) bool {
	if p == Second { // want `Second, a constant of an expression`
		return true
	}
	if Alias != p { // want `Alias, a constant of an expression`
		return true
	}
	_ = m[Second]                               // want `Second, a constant of an expression, as a key`
	_ = t[Key]                                  // want `Key, a constant of an expression, as a key`
	return f&Write == Write || q == state.Other // want `Write, a constant of an expression` `Other, a constant of an expression`
}

type Step int

const (
	None Step = iota
	One
)

const Literal Place = 7

const untyped = 64 << 10

const wait = 10 * time.Second

func good(p Place, q state.Number, s Step, n int, f Flag, d time.Duration, m map[Place]string) bool {
	switch p {
	case First, Second:
		return true
	}
	m[Second] = "x"
	_ = map[Place]string{Second: "x"}[p]
	if f&Write != 0 {
		return true
	}
	return s == One || p < Second || n == untyped || p == Literal || d == wait || First == Second || q == state.Plain
}
