package jsonstruct

import (
	"encoding/json"
	"fmt"
	"time"
)

type base struct{ ID string }

type embedding struct {
	base
	Name string
}

type private struct {
	Name string
	n    int
}

type deep struct{ List []*private }

type label struct{ Text string }

func (l label) MarshalJSON() ([]byte, error) { return nil, nil } // want `method MarshalJSON`

func bad(data []byte) {
	json.Marshal(embedding{})            // want `embedded field base`
	json.Unmarshal(data, &private{})     // want `unexported field n`
	json.NewEncoder(nil).Encode(deep{})  // want `unexported field n`
	json.NewDecoder(nil).Decode(&deep{}) // want `unexported field n`
}

type flat struct {
	Name string            `json:"name"`
	Data map[string]string `json:"data"`
	At   time.Time         `json:"at"`
	Not  *private          `json:"-"`
}

func good(data []byte) {
	json.Marshal(flat{})
	json.Marshal(map[string]any{"a": 1})
	json.Unmarshal(data, &flat{})
	json.Valid(data)
	fmt.Println(private{})
}
