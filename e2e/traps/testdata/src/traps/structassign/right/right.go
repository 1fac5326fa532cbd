package right

func Run() string {
	p := place{}
	func() { p.name = "x" }()
	return p.name
}

type place struct{ name string }
