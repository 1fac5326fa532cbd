// Package wrong: an unexported field in JSON.
package wrong

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(&user{"x", "hidden"})
	return fmt.Sprint(string(data), err)
}

type user struct {
	Name   string `json:"name"`
	secret string
}
