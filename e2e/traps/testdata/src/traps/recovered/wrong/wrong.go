// Package wrong: the type of what recover returns.
package wrong

func Run() string {
	o := &outcome{}
	fail(o)
	return o.text
}

type outcome struct{ text string }

func fail(o *outcome) {
	defer func() {
		r := recover()
		text, ok := r.(string)
		if ok {
			o.text = "string " + text
		} else {
			o.text = "something else"
		}
	}()
	panic("x")
}
