package right

func Run() string { return name("x", 1, 2) }

func name(_ string, _ ...int) string { return "name" }
