// Package wrong: the address of a loop's variable.
package wrong

func Run() string {
	var list []*string
	for _, name := range []string{"a", "b"} {
		list = append(list, &name)
	}
	return *list[0] + *list[1]
}
