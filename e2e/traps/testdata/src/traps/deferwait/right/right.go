package right

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
	v := <-done
	_ = v
}
