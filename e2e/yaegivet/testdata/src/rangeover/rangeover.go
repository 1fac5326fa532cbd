package rangeover

func bad(n int, f func(yield func(int) bool)) {
	for i := range 10 { // want `range over an integer`
		_ = i
	}
	for range n { // want `range over an integer`
	}
	for v := range f { // want `range over a function`
		_ = v
	}
}

func good(list []int, c chan int, array [3]int, m map[int]int) {
	for range list {
	}
	for range c {
	}
	for range array {
	}
	for range m {
	}
	for i := 0; i < 3; i++ {
	}
}
