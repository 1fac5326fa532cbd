package right

import (
	"fmt"

	"traps/foreignread/right/state"
)

func Run() string {
	state.Change()
	return fmt.Sprint(state.Level())
}
