package condbranch

import (
	"condbranch/state"
	"go/build"
)

const debug = false

var long = len("a") > 3

type flag bool

type item struct{ v any }

func bad(v any, f flag, i *item, b bool) {
	if v.(bool) { // want `a type assertion as a condition`
		return
	}
	if b := true; v.(bool) { // want `a type assertion as a condition`
		_ = b
	} else if i.v.(bool) { // want `a type assertion as a condition`
		return
	}
	for v.(bool) { // want `a type assertion as a condition`
		return
	}
	for n := 0; bool(f); n++ { // want `a conversion as a condition`
		return
	}
	switch {
	case v.(bool): // want `a type assertion as a condition`
		return
	case bool(f): // want `a conversion as a condition`
		return
	case bool(debug): // want `a conversion as a condition`
		return
	case !debug: // want `! of a constant as a condition`
		return
	case state.Debug: // want `Debug of another package as a condition`
		return
	case state.Verbose: // want `Verbose of another package as a condition`
		return
	}
	_ = v.(bool) || b       // want `a type assertion as a condition`
	_ = b || v.(bool) || b  // right: the left side is the first ||
	_ = v.(bool) && b       // want `a type assertion as a condition`
	_ = bool(f) || b        // want `a conversion as a condition`
	_ = b || (bool(f) && b) // want `a conversion as a condition`
	_ = !debug && b         // want `! of a constant as a condition`
	_ = state.Debug && b    // want `Debug of another package as a condition`
	_ = state.Verbose || b  // want `Verbose of another package as a condition`
	_ = state.Long || b     // want `Long of another package as a condition`
	if state.Long {         // want `Long of another package as a condition`
		return
	}
	for state.Unset { // want `Unset of another package as a condition`
		return
	}
}

func good(v any, f flag, i *item, m map[string]bool, l []bool, c chan bool, b bool) {
	given := v.(bool)
	if given {
		return
	}
	if w, ok := v.(bool); ok && w {
		return
	}
	if !v.(bool) || !bool(f) {
		return
	}
	if b && v.(bool) || b && bool(f) || state.Debug {
		return
	}
	if (v.(bool)) || (bool(f)) || b {
		return
	}
	if b == v.(bool) || v == true {
		return
	}
	if debug || !b {
		return
	}
	if state.Debug {
		return
	}
	if !debug {
		return
	}
	if bool(debug) {
		return
	}
	if state.Verbose {
		return
	}
	if !state.Long || (state.Long) || state.On() || state.Set.On {
		return
	}
	if long || m["a"] || l[0] || <-c || build.Default.CgoEnabled {
		return
	}
	for !state.Long && bool(f) {
		return
	}
	for {
		switch b {
		case v.(bool):
			return
		}
		switch {
		case (v.(bool)), debug:
			return
		case !state.Long, state.On():
			return
		}
	}
}
