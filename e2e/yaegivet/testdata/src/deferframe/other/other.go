// Package other calls back, or does not.
package other

type Hook struct{ call func(line string) }

func New(call func(line string)) *Hook { return &Hook{call: call} }

func (h *Hook) Finish() { h.end() } // want Finish:`calls back \(string,\)\(\)`

func (h *Hook) end() { h.call("end") }

func (h *Hook) Count() int { return 1 }
