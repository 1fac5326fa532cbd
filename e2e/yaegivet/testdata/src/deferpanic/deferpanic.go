package deferpanic

import (
	"log"
)

func bad() {
	defer func() { panic("x") }() // want `a panic in a deferred function`
	defer panic("x")              // want `a deferred panic`
	defer named()
	defer func() {
		r := recover()
		if r != nil {
			log.Panic(r) // want `a panic in a deferred function`
		}
	}()
}

func named() {
	panic("x") // want `a panic in a deferred function`
}

func good() {
	defer func() {
		r := recover()
		if r != nil {
			log.Print(r)
		}
	}()
	panic("x")
}

func oneDeep(f func()) {
	defer func() { named2() }() // want `named2, which panics, in a deferred function`
	defer f()
}

func named2() { panic("x") }

func recovering() {
	defer func() {
		r := recover()
		log.Print(r)
	}()
	named2()
	panic("x")
}

func oneDeepAndRight() {
	defer func() { recovering() }()
	defer func() { calm() }()
}

func calm() {}
