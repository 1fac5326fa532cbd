package right

func Run() string {
	list := []label{{"x"}}
	return "[" + list[0].String() + "]"
}

type label struct{ text string }

func (l label) String() string { return "<" + l.text + ">" }
