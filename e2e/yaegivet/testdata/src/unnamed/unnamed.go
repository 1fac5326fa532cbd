package unnamed

func bad(string, ...int) {} // want `a parameter without a name`

var literal = func(int, string) {} // want `a parameter without a name` `a parameter without a name`

func good(string, int) {}

func good2(_ string, _ ...int) {}

var named = func(_ int, _ string) {}

type handler func(int, ...string)

type doer interface{ do(int, ...string) }
