package compiledarg

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

type trip struct{}

func (t *trip) RoundTrip(r *http.Request) (*http.Response, error) { return nil, nil }

type reader struct{}

func (r *reader) Read(p []byte) (int, error) { return 0, nil }

func bad() {
	_ = &http.Client{Transport: &trip{}} // want `put straight into a literal`
	_ = http.Client{Transport: &trip{}}  // want `put straight into a literal`
	io.MultiReader(&reader{})            // want `among the variable arguments of MultiReader`
}

type box struct{ r io.Reader }

func good() {
	var t http.RoundTripper = &trip{}
	c := &http.Client{Transport: t}
	c.Transport = &trip{}
	io.ReadAll(&reader{})
	var r io.Reader = &reader{}
	io.MultiReader(r, strings.NewReader("x"))
	_ = &box{r: &reader{}}
	fmt.Println(&reader{})
	_ = []io.Reader{strings.NewReader("y")}
}
