// Package wrong: another package's variable that began as a literal.
package wrong

import (
	"fmt"

	"traps/foreignread/wrong/state"
)

func Run() string {
	state.Change()
	return fmt.Sprint(state.Level)
}
