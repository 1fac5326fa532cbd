package right

func Run() string { return kind(&animal{what: "cat", name: "x"}) }

type animal struct {
	what string
	name string
}

func kind(a *animal) string {
	switch a.what {
	case "cat":
		return "cat " + a.name
	}
	return "unknown"
}
