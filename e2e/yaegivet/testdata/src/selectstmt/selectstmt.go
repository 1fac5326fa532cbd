package selectstmt

func bad(c, d chan int) {
	select { // want `select statement`
	case c <- 1:
	case <-d:
	}
}

func good(c chan int) {
	if len(c) == 0 {
		c <- 1
	}
	v, ok := <-c
	_, _ = v, ok
}
