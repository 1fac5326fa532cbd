package missing

import (
	"cmp"
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync/atomic"
	"unsafe" // want `package unsafe`
)

func bad(list []int) int {
	slices.Sort(list)           // want `slices.Sort`
	list = slices.Clone(list)   // want `slices.Clone`
	p := &atomic.Pointer[int]{} // want `sync/atomic.Pointer`
	_ = p
	_ = unsafe.Sizeof(list)
	clear(list)                  // want `builtin clear`
	_ = cmp.Or(1, 2)             // want `cmp.Or`
	return min(1, 2) + max(1, 2) // want `builtin min` `builtin max`
}

func good(list []int) bool {
	sort.Ints(list)
	n := &atomic.Int64{}
	n.Add(1)
	_ = strings.Cut
	_ = http.StatusOK
	_ = cmp.Compare(1, 2)
	min := func(a, b int) int { return a }
	min(1, 2)
	return slices.Contains(list, 1)
}
