package openwebui

// What a JSON object says of an account, read with as little work as will do:
// gjson, interpreted, is slow.

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// maxLook is how much of a document gjson is given.
const maxLook = 64 << 10

// maxGlance is how much of an answer is looked at first.
const maxGlance = 4 << 10

// Account is what a JSON object says of an account, as it stands there.
type Account struct {
	ID, Name, Email, Role string
}

// isComplete tells whether nothing is left to look for.
func isComplete(a *Account) bool {
	return a.ID != "" && a.Name != "" && a.Email != "" && a.Role != ""
}

// glance reads the account of an answer that begins as expected: its own keys,
// all four of them, each a string. Nearly every answer is such, and gjson,
// interpreted, takes five times as long. For what is otherwise, as SCIM's is, it
// returns nil.
func glance(doc []byte, paths *Paths) *Account {
	found := glanceAt(headOf(doc), paths)
	if found != nil {
		return found
	}
	return stare(doc, paths)
}

// stare is glance for what has an object, or a status of one's own, of any
// length, before one of the four.
func stare(doc []byte, paths *Paths) *Account {
	if len(doc) > maxGlance {
		doc = cutAt(doc, len(doc)-1)
	}
	return glanceAt(doc, paths)
}

func glanceAt(head []byte, paths *Paths) *Account {
	// What is no string stays empty, and is an error that says nothing here.
	var values map[string]string
	_ = json.Unmarshal(head, &values)
	delete(values, "") // an empty path is no key
	found := &Account{
		ID:    values[paths.ID],
		Name:  values[paths.Name],
		Email: values[paths.Email],
		Role:  values[paths.Role],
	}
	if !isComplete(found) {
		return nil
	}
	return found
}

// headOf is what stands before an object's first object, as permissions are,
// and of a long one before its picture.
func headOf(doc []byte) []byte {
	first := bytes.Index(doc[:least(len(doc), maxGlance)], []byte(`:{`))
	if first >= 0 {
		return cutAt(doc, first)
	}
	if len(doc) > maxGlance {
		return cutAt(doc, maxGlance)
	}
	return doc
}

// cutAt is an object up to the last key that begins before a place. Outside of
// a string nothing else than a comma and a quote begins a key; inside of one, a
// quote has a backslash before it, or ends it, and then what is left cannot be
// read.
func cutAt(doc []byte, place int) []byte {
	end := bytes.LastIndex(doc[:place], []byte(`,"`))
	if end < 0 {
		return nil
	}
	head := make([]byte, 0, end+1)
	head = append(head, doc[:end]...)
	return append(head, '}')
}

// accountOf reads an object's own keys in one pass, since gjson costs more
// for every byte that it passes again. Of equal keys the last counts, as it
// does for Python; early stops as soon as all were seen, for answers, which
// have no equal keys and carry a picture behind them.
func accountOf(doc []byte, paths *Paths, early bool) *Account {
	found := &Account{}
	if len(doc) > maxLook {
		doc = shorten(doc, paths)
	}
	if !json.Valid(doc) {
		doc = mend(doc)
	}
	if !isFlat(paths) {
		found.ID = firstOf(doc, paths.ID)
		found.Name = firstOf(doc, paths.Name)
		found.Email = firstOf(doc, paths.Email)
		found.Role = firstOf(doc, paths.Role)
		return found
	}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		found.take(paths, key.Str, textOf(value))
		return !early || !isComplete(found)
	})
	return found
}

// take is told of one key of an object.
func (a *Account) take(paths *Paths, key, text string) {
	switch key {
	case "": // no path, where one is empty
	case paths.ID:
		a.ID = text
	case paths.Name:
		a.Name = text
	case paths.Email:
		a.Email = text
	case paths.Role:
		a.Role = text
	}
}

// textOf is a string or a number; what else may stand there says nothing.
func textOf(value gjson.Result) string {
	if value.Type == gjson.String || value.Type == gjson.Number {
		return value.String()
	}
	return ""
}

// isFlat tells whether the paths are an object's own keys.
func isFlat(paths *Paths) bool {
	all := paths.ID + paths.Name + paths.Email + paths.Role
	return !strings.ContainsAny(all, ". ")
}

// firstOf is the text at the first of some paths that has one to show.
func firstOf(doc []byte, paths string) string {
	for _, path := range strings.Fields(paths) {
		text := textOf(gjson.GetBytes(doc, path))
		if message.Clean(text) != "" {
			return text
		}
	}
	return ""
}

// shorten leaves of a large object only what is looked for, and of that the
// beginning: gjson, interpreted, takes milliseconds for each 64 KiB.
func shorten(doc []byte, paths *Paths) []byte {
	var values map[string]json.RawMessage
	err := json.Unmarshal(doc, &values)
	if err != nil {
		return doc[:maxLook]
	}
	short := map[string]interface{}{}
	for _, key := range keysOf(paths) {
		text := ""
		err := json.Unmarshal(values[key], &text)
		if err == nil {
			short[key] = text[:least(len(text), maxLook)]
			continue
		}
		raw := values[key]
		if len(raw) > 0 && len(raw) <= maxLook {
			short[key] = raw
		}
	}
	data, _ := json.Marshal(short) // strings, and what was read, cannot fail
	return data
}

// keysOf lists the object's own keys that some paths begin with.
func keysOf(paths *Paths) []string {
	keys := []string{}
	for _, path := range strings.Fields(paths.ID + " " + paths.Name + " " + paths.Email + " " + paths.Role) {
		key, _, _ := strings.Cut(path, ".")
		keys = append(keys, key)
	}
	return keys
}

func least(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// mend ends a string that was cut off, because gjson leaves out a value
// without an end. A document cut elsewhere reads the same as before.
func mend(doc []byte) []byte {
	whole := bytes.TrimRight(doc, `\`)
	if (len(doc)-len(whole))%2 == 0 {
		whole = doc // pairs of backslashes are themselves
	} else {
		whole = doc[:len(doc)-1] // an escape without its letter
	}
	mended := make([]byte, 0, len(whole)+2)
	mended = append(mended, whole...)
	return append(mended, '"', '}')
}
