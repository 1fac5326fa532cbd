// Package wrong: a type switch on an error with a type of ours.
package wrong

func Run() string { return kind(&failure{"x"}) }

type failure struct{ text string }

func (f *failure) Error() string { return f.text }

func kind(err error) string {
	switch x := err.(type) {
	case *failure:
		return "failure " + x.text
	default:
		return "other"
	}
}
