package outbox

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func TestFileNamesDiffer(t *testing.T) {
	names := map[string]bool{}
	for i := 0; i < 100; i++ {
		name := FileName(noticeOf("x"))
		if names[name] {
			t.Errorf("got: %s twice", name)
		}
		names[name] = true
	}
}

func TestFilesThatAreNoNotices(t *testing.T) {
	folder, _ := folderIn(t)
	good := stored(t, folder, noticeOf("Tim"))
	whole, err := os.ReadFile(pathIn(folder, "new", good))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		desc string
		text string
	}{
		{desc: "empty", text: ""},
		{desc: "truncated", text: string(whole[:len(whole)/2])},
		{desc: "zeros", text: strings.Repeat("\x00", len(whole))},
		{desc: "foreign", text: "Dear diary"},
		{desc: "null", text: "null"},
		{desc: "a list", text: "[]"},
		{desc: "other JSON", text: `{"name":"Tim"}`},
		{desc: "a future version", text: strings.Replace(string(whole), `"version":1`, `"version":2`, 1)},
		{desc: "no id", text: strings.Replace(string(whole), "msg_Tim", "", 1)},
		{desc: "an id that no header can hold", text: strings.Replace(string(whole), "msg_Tim", `msg\n`, 1)},
		{desc: "no fields", text: `{"version":1,"id":"msg_0"}`},
		{desc: "other fields", text: `{"version":1,"id":"msg_0","fields":[1]}`},
		{desc: "two", text: string(whole) + string(whole)},
		{desc: "huge", text: `{"version":1,"id":"msg_0","fields":{"name":"` + strings.Repeat("x", 2*maxFile) + `"}}`},
	}
	for _, test := range tests {
		put(t, folder, "new", "strange.json", test.text, time.Now())
		_, err := Read(folder, "strange.json")
		if !errors.Is(err, ErrForeign) {
			t.Errorf("%s: got: %v, want: %v", test.desc, err, ErrForeign)
		}
	}
}
