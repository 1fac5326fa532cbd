package right

func Run() string { return verdict(408) + "," + verdict(429) }

func verdict(code int) string {
	switch {
	case code == 408 || code == 429:
		return "later"
	}
	return "never"
}
