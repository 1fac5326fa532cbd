// Package wrong: a type asserted that has the fields of another.
package wrong

import "fmt"

func Run() string {
	return fmt.Sprint(isDog(&dog{"x"}), isDog(&cat{"y"}))
}

type cat struct{ name string }

type dog struct{ name string }

func isDog(v any) bool {
	_, ok := v.(*dog)
	return ok
}
