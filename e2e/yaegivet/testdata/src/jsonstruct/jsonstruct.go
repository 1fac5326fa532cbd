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

func encode(v any) []byte {
	data, _ := json.Marshal(v)
	return data
}

func through(v any) []byte { return encode(map[string]any{"data": v}) }

type open struct{ V any }

func behindInterfaces(secret private) {
	encode(private{})                         // want `unexported field n`
	encode(&secret)                           // want `unexported field n`
	through(secret)                           // want `unexported field n`
	json.Marshal(map[string]any{"k": secret}) // want `unexported field n`
	json.Marshal(open{V: private{}})          // want `unexported field n`
	json.Marshal(&open{&private{}})           // want `unexported field n`
	json.Marshal([]any{1, []any{secret}})     // want `unexported field n`
	var v any
	v = private{}
	json.Marshal(v) // want `unexported field n`
	m := map[string]any{}
	m["secret"] = secret
	json.Marshal(m) // want `unexported field n`
}

func behindInterfacesAndRight(x any) {
	encode(flat{})
	through(flat{})
	encode(x)
	json.Marshal(map[string]any{"k": flat{}, "l": []any{1, "a"}})
	m := map[string]any{}
	m["name"] = private{}.Name
	json.Marshal(m)
	fmt.Println(map[string]any{"k": private{}})
}
