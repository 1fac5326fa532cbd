// Package wrong: MarshalJSON of a value inside a map.
package wrong

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(map[string]any{"a": label{"x"}})
	return fmt.Sprint(string(data), err)
}

type label struct{ Text string }

func (l label) MarshalJSON() ([]byte, error) { return []byte(`"label"`), nil }
