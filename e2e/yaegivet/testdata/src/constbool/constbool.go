package constbool

const size = 10

const large = size > 5 // want `a constant made by a comparison`

const text = "a"

func bad() bool {
	const same = text == "a" // want `a constant made by a comparison`
	return same
}

const debug = false

var isLarge = size > 5

func good() bool {
	if size > 5 {
		return true
	}
	b := size > 5
	return b
}
