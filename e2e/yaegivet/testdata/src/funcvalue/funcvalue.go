package funcvalue

func one(n int) int { return n }

func bad() func(n int) int { return one } // want `function one as a result`

func bad2(l []func(n int) int) []func(n int) int { return append(l, one) } // want `function one appended`

func bad3() func(n int) int {
	f := one
	return f // want `function one as a result`
}

type row struct {
	name string
	f    func(n int) int
}

var table = []row{{"one", one}}

func good() func(n int) int { return func(n int) int { return one(n) } }

func good2(r *row) func(n int) int { return r.f }

func good3() int { return one(1) }

func good4() int {
	f := one
	return f(2)
}

func take(f func(n int) int) {}

func good5() { take(one) }
