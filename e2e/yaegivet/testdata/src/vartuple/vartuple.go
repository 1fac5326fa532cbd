package vartuple

func two() (int, string) { return 1, "a" }

var a, b = two() // want `two variables set by one expression`

var m = map[string]int{}

var v, ok = m["a"] // want `two variables set by one expression`

var c, d = 1, 2

var e = one()

func one() int { return 1 }

func good() {
	x, y := two()
	_, _ = x, y
}
