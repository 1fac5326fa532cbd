// Package wrong: an empty interface asserted to an interface of ours.
package wrong

func Run() string {
	var v any = cat{"x"}
	s, ok := v.(speaker)
	if !ok {
		return "no speaker"
	}
	return s.speak()
}

type speaker interface{ speak() string }

type cat struct{ name string }

func (c cat) speak() string { return c.name }
