package condstart

import (
	"condstart/state"
	"net/url"
	"time"
)

type key struct{ name string }

type item struct {
	name string
	next *item
	list []string
	call func() bool
}

func (i *item) ok() bool { return i.name == "" }

func (i *item) like(other *item) bool { return i.name == other.name }

func known(i *item) bool { return i.name == "" }

func given[T any](v T) bool { return true }

func ask(b bool) bool { return b }

func keys(name string, m map[string]int, n map[key]bool, b bool) {
	_ = known(&item{name: name}) || b                       // want `a literal with keys as the beginning of what is left of \|\|`
	_ = known(&item{name: "a"}) && b                        // want `a literal with keys as the beginning of what is left of &&`
	_ = known(&item{next: nil, name: name + "a"}) && b      // want `a literal with keys`
	_ = known(&item{name: (name)}) || b                     // want `a name or value in parentheses`
	_ = known(&item{next: &item{name: name}}) || b          // want `a literal with keys`
	_ = given(item{name: name}) || b                        // want `a literal with keys`
	_ = given("a") && given[item](item{name: name})         // right
	_ = given[item](item{name: name}) && given("a")         // want `a literal with keys`
	_ = state.Given[item](item{name: name}) || b            // want `a literal with keys`
	_ = state.Given(item{name: name}) || b                  // right
	_ = (&item{name: name}).ok() || b                       // want `a literal with keys`
	_ = !known(&item{name: name}) || b                      // want `a literal with keys`
	_ = !(known(&item{name: name})) || b                    // want `a literal with keys`
	_ = ask(known(&item{name: name})) || b                  // want `a literal with keys`
	_ = b || (known(&item{name: name}) && b)                // want `a literal with keys as the beginning of what is left of &&`
	_ = (known(&item{name: name}) || b) && b && b           // want `a literal with keys as the beginning of what is left of \|\|`
	_ = ask(known(&item{name: name}) || b) && b             // want `a literal with keys`
	_ = n[key{name: name}] || b                             // want `a literal with keys`
	_ = item{name: name}.name == name || b                  // want `a literal with keys`
	_ = name == (&item{name: name}).name || b               // want `a literal with keys`
	_ = map[string]bool{"a": true}[name] || b               // want `a literal with keys`
	_ = len([]int{0: 1}) > 0 || b                           // want `a literal with keys`
	_ = len([...]int{0: 1}) > 0 || b                        // want `a literal with keys`
	_ = len([]item{{name: name}}) > 0 || b                  // want `a literal with keys`
	_ = len(map[string]item{"a": {name: name}}) > 0 || b    // want `a literal with keys`
	_ = given(map[string]time.Duration{"a": 1}) || b        // want `a literal with keys`
	_ = append([]string{}, item{name: name}.name) == nil || // right
		b
}

func statements(name string, b bool) bool {
	if known(&item{name: name}) || b { // want `a literal with keys`
		return b
	}
	for known(&item{name: name}) && b { // want `a literal with keys`
		return b
	}
	switch {
	case known(&item{name: name}) || b: // want `a literal with keys`
		return b
	}
	if known(&item{name: name}) {
		return b
	}
	if !known(&item{name: name}) {
		return b
	}
	return known(&item{name: name}) || b // want `a literal with keys`
}

func parentheses(n int, p *item, l []int, v any, b bool) {
	_ = !(b) || b              // want `a name or value in parentheses as the beginning of what is left of \|\|`
	_ = ask((b)) && b          // want `a name or value in parentheses as the beginning of what is left of &&`
	_ = (n) == 1 || b          // want `a name or value in parentheses`
	_ = n == (1) || b          // want `a name or value in parentheses`
	_ = n+(n) == 1 || b        // want `a name or value in parentheses`
	_ = -(n) == 1 || b         // want `a name or value in parentheses`
	_ = (p).ok() || b          // want `a name or value in parentheses`
	_ = (known)(p) || b        // want `a name or value in parentheses`
	_ = l[(n)] == 1 || b       // want `a name or value in parentheses`
	_ = (l)[0] == 1 || b       // want `a name or value in parentheses`
	_ = len(l[(n):]) == 1 || b // want `a name or value in parentheses`
	_ = (v).(int) == 1 || b    // want `a name or value in parentheses`
	_ = ([]int)(nil) == nil || // want `a name or value in parentheses`
		b
	_ = (b) || b
	_ = (b) || (b)
	_ = ((b) || b) && b
	_ = ask((b) || b) && b
	_ = (b || b) && b
	_ = (known(p)) && b
	_ = (n+1) == 1 && b
	_ = (p.name) == "" && b
	_ = (*p).name == "" && b
	_ = (*item)(nil) == p || b
	_ = (*url.URL)(nil) == nil || b
	_ = (time.Second) == 1 || b
	_ = b || !(b)
	_ = b && n == (1)
	_ = !(b)
	_ = ask((b))
}

func types(m map[struct{}]bool, v any, p *item, b bool) {
	_ = m[struct{}{}] || b                     // want `a type without a name as the beginning of what is left of \|\|`
	_ = given(struct{ n int }{1}) || b         // want `a type without a name`
	_ = given(struct{ n int }{n: 1}) || b      // want `a type without a name`
	_ = new(struct{ b bool }).b || b           // want `a type without a name`
	_ = interface{ ok() bool }(p).ok() || b    // want `a type without a name`
	_ = v.(interface{ ok() bool }).ok() || b   // want `a type without a name`
	_ = (func() bool)(nil) == nil || b         // want `a type without a name`
	_ = (*struct{ n int })(nil) == nil || b    // right
	_ = len([]struct{ n int }{{1}}) == 1 || b  // right
	_ = cap(make(chan struct{}, 1)) == 1 || b  // right
	_ = len(map[string]struct{}{}) == 1 || b   // right
	_ = func() bool { return true }() && b     // right
	_ = (func() bool { return true })() && b   // right
	_ = given(func(v struct{ n int }) {}) && b // right
}

func good(name string, m map[string]int, p *item, h struct{ ok func(*item) bool }, b bool) {
	_ = b || known(&item{name: name})
	_ = known(p) || known(&item{name: name})
	_ = known(p) || b || known(&item{name: name}) || b
	_ = (b || known(&item{name: name})) && b
	_ = known(&item{}) || b
	_ = known(&item{name, nil, nil, nil}) || b
	_ = known(&item{name: name + "a", next: nil}) || b
	_ = known(&item{name: p.name, next: nil}) || b
	_ = known(&item{name: string(name), next: nil}) || b
	_ = known(&item{name: time.RFC3339, next: nil}) || b
	_ = known(&item{list: []string{}, name: name}) || b
	_ = known(&item{list: []string{name}, name: name}) || b
	_ = known(&item{next: &item{}, name: name}) || b
	_ = known(&item{next: &*p, name: name}) || b
	_ = known(&item{call: func() bool { return known(&item{name: name}) }}) || b
	_ = given(map[string]int{string(name): 1}) || b
	_ = given([]int{1, 2}) || b
	_ = given([]item{{}, {name: name}}) || b
	_ = given(map[string]item{"a": {}, "b": {name: name}}) || b
	_ = p.like(&item{name: name}) || b
	_ = h.ok(&item{name: name}) || b
	_ = state.Known(&state.Item{Name: name}) || b
	_ = given(state.Item{Name: name}) || b
	_ = given(&url.URL{Path: name}) || b
	_ = m["a"] == 1 || b
	first := known(&item{name: name})
	_ = first || b
}
