// Package wrong: a defer that waits for a worker, which runs literals of the same function.
package wrong

func Run() string {
	jobs := make(chan func(), 4)
	go work(jobs)
	for i := 0; i < 300; i++ {
		round(jobs)
	}
	return "done"
}

func work(jobs chan func()) {
	defer func() { recover() }()
	for job := range jobs {
		job()
	}
}

func round(jobs chan func()) {
	done := make(chan bool)
	jobs <- func() {}
	jobs <- func() { done <- true }
	defer func() { <-done }()
}
