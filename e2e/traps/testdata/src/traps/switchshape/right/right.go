package right

func Run() string { return kind(&animal{"cat", "x"}) + kind(&animal{"dog", "y"}) }

type animal struct{ kind, name string }

func kind(v *animal) string { return v.kind }
