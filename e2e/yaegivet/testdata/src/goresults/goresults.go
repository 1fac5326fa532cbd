package goresults

func bad() {
	go count()                       // want `go of a function with results`
	go func() error { return nil }() // want `go of a function with results`
}

func good() {
	go work()
	go func() {}()
}

func count() int { return 1 }
func work()      {}
