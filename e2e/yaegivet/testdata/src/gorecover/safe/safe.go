package safe

func Work() { // want Work:"recovers"
	defer func() { recover() }()
}

func Unsafe() {}
