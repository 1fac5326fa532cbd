// Package catalog is the table of what the Yaegi interpreter computes otherwise
// than the Go compiler. Each row has two programs under traps/testdata, the
// wrong form and the right one; the test of package traps proves both, and the
// checker in package yaegivet has a rule for each.
package catalog

// Effect is what the wrong form does in the interpreter.
type Effect int

// The effects.
const (
	Differs     Effect = iota // another result, and nothing said
	Panics                    // at run time
	Hangs                     // for ever
	DoesNotLoad               // not even started
	Races                     // a data race inside the interpreter
)

// String says it for a reader.
func (e Effect) String() string {
	switch e {
	case Differs:
		return "wrong value"
	case Panics:
		return "panics"
	case Hangs:
		return "hangs for ever"
	case DoesNotLoad:
		return "does not load"
	case Races:
		return "data race: now and then a wrong value, or a crash"
	}

	return "unknown"
}

// Trap is one row.
type Trap struct {
	// ID is the folder of the row's programs.
	ID string
	// Rule is the rule of yaegivet that refuses the wrong form.
	Rule string
	// Avoid is what not to write, and Instead what to write, in Markdown.
	Avoid, Instead string
	// Effect is what the wrong form does in the interpreter.
	Effect Effect
	// Go is the result of the wrong form, compiled.
	Go string
	// Yaegi is its result in the interpreter, where the effect is Differs. An
	// ellipsis at the end stands for anything.
	Yaegi string
	// Right is the result of the right form, compiled and interpreted.
	Right string
}
