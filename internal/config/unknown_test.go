package config

import (
	"reflect"
	"strings"
	"testing"
)

func TestUnknownKeys(t *testing.T) {
	tests := []struct {
		key  string
		want string
	}{
		{key: "webhook_url", want: `"webhook_url" (did you mean webhookURL?)`},
		{key: "webhook", want: `"webhook" (did you mean webhookURL?)`},
		{key: "header", want: `"header" (did you mean headers?)`},
		{key: "mesage", want: `"mesage" (did you mean message?)`},
		{key: "web-hook-url-file", want: `"web-hook-url-file" (did you mean webhookURLFile?)`},
		{key: "retries", want: `"retries"`},
		{key: "state_dir", want: `"state_dir" (did you mean stateDir?)`},
		{key: "event", want: `"event" (did you mean events?)`},
		{key: "learn_for", want: `"learn_for" (did you mean learnFor?)`},
		{key: "something\nelse", want: "this"},
	}
	for _, test := range tests {
		got := unknownKeys(map[string]interface{}{test.key: true})
		if len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: got: %v, want: %s", test.key, got, test.want)
		}
	}
}

// A key that is left out would not be suggested to whoever misspells it.
func TestKeysAreTheOptions(t *testing.T) {
	got := []string{}
	options := reflect.TypeOf(Options{})
	for i := 0; i < options.NumField(); i++ {
		key, _, _ := strings.Cut(options.Field(i).Tag.Get("json"), ",")
		if key != "-" {
			got = append(got, key)
		}
	}
	if strings.Join(got, " ") != strings.Join(keys, " ") {
		t.Errorf("got: %v, want: %v", keys, got)
	}
}
