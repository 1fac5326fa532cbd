// Package fine: switches with a tag and lists, and on the type of JSON values.
package fine

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	var v any
	err := json.Unmarshal([]byte(`{"a":[1,"x",true,null]}`), &v)
	return fmt.Sprint(verdict(408), verdict(200), kind(v), err)
}

func verdict(code int) string {
	switch code {
	case 408, 429:
		return "later"
	case 200, 204:
		return "done"
	}
	return "never"
}

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return x
	case float64, bool:
		return fmt.Sprint(x)
	case []any:
		text := ""
		for _, e := range x {
			text = text + kind(e) + ","
		}
		return text
	case map[string]any:
		return kind(x["a"])
	}
	return "?"
}
