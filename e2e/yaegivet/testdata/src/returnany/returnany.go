package returnany

func bad(a, b int) any           { return a == b }     // want `the result of ==`
func bad2(a bool) any            { return !a }         // want `the result of !`
func bad3(a int) any             { return -a }         // want `the result of -`
func bad4(a, b int) (any, error) { return a + b, nil } // want `the result of \+`

func good(a, b int) bool { return a == b }
func good2(a int) any    { return a }
func good3() any         { return 1 + 2 }
func good4(a *int) any   { return &a }
func good5(a, b int) any {
	v := a == b
	return v
}
