package variadicfield

type env struct {
	log func(format string, args ...any)
}

func (e *env) method(format string, args ...any) {}

func bad(e *env) {
	e.log("%d %d", 1, 2) // want `log, a variadic function of a field, with several`
}

func good(e *env, list []any, byName map[string]func(args ...any)) {
	e.log("none")
	e.log("%d", 1)
	e.log("%v", list...)
	e.method("%d %d", 1, 2)
	byName["a"](1, 2, 3)
}
