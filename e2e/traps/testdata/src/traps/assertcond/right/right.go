// Package right: variables as conditions.
package right

func Run() string {
	return loop(false) + condition(false) + clause(false)
}

func loop(value interface{}) string {
	more := value.(bool)
	for more {
		return "one"
	}
	return "none"
}

func condition(value interface{}) string {
	given := value.(bool)
	if given {
		return "in "
	}
	return "out"
}

func clause(set flag) string {
	plain := bool(set)
	switch {
	case plain:
		return "conversion"
	}
	return "other"
}

type flag bool
