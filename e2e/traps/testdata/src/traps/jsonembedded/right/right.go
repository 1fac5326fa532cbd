package right

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(&user{"1", "x"})
	return fmt.Sprint(string(data), err)
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
