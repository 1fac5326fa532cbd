// Package wrong: an embedded struct in JSON.
package wrong

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(&user{base{"1"}, "x"})
	return fmt.Sprint(string(data), err)
}

type base struct {
	ID string `json:"id"`
}

type user struct {
	base
	Name string `json:"name"`
}
