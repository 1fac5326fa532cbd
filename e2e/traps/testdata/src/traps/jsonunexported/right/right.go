package right

import (
	"encoding/json"
	"fmt"
)

func Run() string {
	data, err := json.Marshal(&user{"x"})
	return fmt.Sprint(string(data), err)
}

type user struct {
	Name string `json:"name"`
}
