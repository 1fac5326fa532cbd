// Package right: comparisons with nil.
package right

func Run() string {
	var s speaker
	return pointer(nil) + " " + spoken(s)
}

func pointer(i *item) string {
	if i == nil {
		return "nothing"
	}
	return "something"
}

func spoken(s speaker) string {
	if s == nil {
		return "nothing"
	}
	return "something"
}

type item struct{ name string }

type speaker interface{ speak() string }
