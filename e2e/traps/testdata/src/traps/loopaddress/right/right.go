package right

func Run() string {
	var list []*string
	for _, name := range []string{"a", "b"} {
		own := name
		list = append(list, &own)
	}
	return *list[0] + *list[1]
}
