package returnbuiltin

func bad(l []int) (int, int)    { return 1, len(l) }         // want `len as a whole result`
func bad2(l []int) (int, []int) { return 1, append(l, 2) }   // want `append as a whole result`
func bad3() (int, []int)        { return 1, make([]int, 2) } // want `make as a whole result`
func bad4() (int, int, *int)    { return 1, 2, new(int) }    // want `new as a whole result`

func good(l []int) ([]int, error) { return append(l, 1), nil }
func good2(l []int) (int, int)    { return 1, len(l) + 1 }
func good3(l []int) int           { return len(l) }
func good4(l []int) (int, error)  { return len(l), nil }
func good5() (int, int)           { return 1, len("abc") }
