package right

func Run() string {
	var v any
	if v == nil {
		return "false"
	}
	return "true"
}
