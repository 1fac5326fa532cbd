package right

import (
	"fmt"
)

func Run() string {
	c := &converter{convert: shout}
	return fmt.Sprint(c.run("x"))
}

type converter struct{ convert func(text string) string }

func shout(text string) string { return text + "!" }

func (c *converter) run(text string) (string, error) {
	converted := c.convert(text)
	return converted, nil
}
