package constfloat

const ten = 10

func bad() (float64, float64) {
	var x float64 = ten / 4 // want `a division of integers for a float`
	var y float64 = 7 / 2   // want `a division of integers for a float`
	return x, y
}

func good() float64 {
	x := ten / 4.0
	var y float64 = 10 / 5
	z := 7 / 2
	var w float64 = 2.5
	return x + y + w + float64(z)
}
