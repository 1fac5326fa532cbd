package returnfield

type converter struct{ convert func(s string) string }

func (c *converter) method(s string) string { return s }

func (c *converter) bad(s string) (string, error) { return c.convert(s), nil } // want `the call of a field's function`

func (c *converter) good(s string) (string, error) { return c.method(s), nil }

func (c *converter) good2(s string) string { return c.convert(s) }

func (c *converter) good3(s string) (string, error) {
	v := c.convert(s)
	return v, nil
}
