package right

import (
	"fmt"
	"io"
	"strings"
)

func Run() string {
	var first io.Reader = &once{"x"}
	data, err := io.ReadAll(io.MultiReader(first, strings.NewReader("y")))
	return fmt.Sprint(string(data), err)
}

type once struct{ text string }

func (o *once) Read(p []byte) (int, error) {
	if o.text == "" {
		return 0, io.EOF
	}
	n := copy(p, o.text)
	o.text = o.text[n:]
	return n, nil
}
