package right

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(map[string]any{"a": "label"})
	return fmt.Sprint(string(data), err)
}
