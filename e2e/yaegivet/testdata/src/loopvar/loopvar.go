package loopvar

import (
	"encoding/json"
)

func bad(list []string) string {
	var fs []func() string
	for _, s := range list {
		fs = append(fs, func() string { return s }) // want `a kept function literal that uses s`
	}
	var ps []*int
	for i := 0; i < 3; i++ {
		ps = append(ps, &i) // want `the address of loop variable i`
	}
	text := ""
	for _, f := range fs {
		text += f()
	}
	return text
}

func good(list []string) string {
	var ps []*string
	for _, s := range list {
		own := s
		ps = append(ps, &own)
		func() { _ = s }()
		json.Unmarshal(nil, &s)
	}
	return *ps[0]
}
