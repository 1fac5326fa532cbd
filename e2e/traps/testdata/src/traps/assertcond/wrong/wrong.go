// Package wrong: assertions and a conversion as conditions.
package wrong

func Run() string {
	return loop(false) + condition(false) + clause(false)
}

func loop(value interface{}) string {
	for value.(bool) {
		return "one"
	}
	return "none"
}

func condition(value interface{}) string {
	if value.(bool) {
		return "in "
	}
	return "out"
}

func clause(set flag) string {
	switch {
	case bool(set):
		return "conversion"
	}
	return "other"
}

type flag bool
