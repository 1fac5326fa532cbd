package typename

type (
	cat struct{ name string }
	dog struct{ name string }
	cow struct {
		name string
		milk int
	}
	label string
	words []string
)

type speaker interface{ speak() string }

func (c *cat) speak() string { return c.name }

func (d *dog) speak() string { return d.name }

func bad(v any, s speaker) {
	_, _ = v.(cat)   // want `an interface asked for the struct cat, which has the fields of dog`
	_, _ = v.(*dog)  // want `an interface asked for the struct dog, which has the fields of cat`
	_, _ = s.(*cat)  // want `an interface asked for the struct cat`
	_, _ = v.(label) // want `an interface asked for the type label`
	_, _ = v.(words) // want `an interface asked for the type words`
	switch v.(type) {
	case *cat: // want `an interface asked for the struct cat`
	case label: // want `an interface asked for the type label`
	}
}

func good(v any, s speaker) {
	_, _ = v.(cow)
	_, _ = v.(string)
	_, _ = v.([]any)
	switch s.(type) {
	case *cat:
	case *dog:
	}
	switch v.(type) {
	case string, float64, bool, nil:
	case map[string]any:
	case *cow:
	}
}
