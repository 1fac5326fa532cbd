package constdiv

const odd = 7

const half int = odd / 2 // want `a division of constants`

func bad(x int) int {
	x += 7 / 2       // want `a division of constants`
	x = x + odd/2    // want `a division of constants`
	return x - odd/2 // want `a division of constants`
}

var three = odd / 2

func good(x int) int {
	x += 8 / 2
	y := odd / 2
	x += three
	list := []int{1, 2, 3, 4}
	x += list[odd/2] + len(list[1/2:odd/2])
	return x/3 + y + 1024/8
}
