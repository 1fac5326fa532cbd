// Package wrong: nil as a case.
package wrong

func Run() string {
	var s speaker
	return pointer(nil) + " " + spoken(s)
}

func pointer(i *item) string {
	switch i {
	case nil:
		return "nothing"
	}
	return "something"
}

func spoken(s speaker) string {
	switch s {
	case nil:
		return "nothing"
	}
	return "something"
}

type item struct{ name string }

type speaker interface{ speak() string }
