// Package probe puts one document to gjson and writes down all that gjson says.
// The same source is compiled with the patched gjson, compiled with the
// published one, and interpreted, so the three can be compared line by line.
//
// Its functions take and give standard types only, for an interpreted function
// can be called from compiled code no other way.
package probe

import (
	"strconv"

	"github.com/tidwall/gjson"
)

// paths are what the plugin reads of a document.
var paths = []string{"id", "name", "email", "role", "displayName", "name.formatted"}

// patched are paths that lead through each function that the patch rewrites:
// selectors with quoted names, queries for what counts as true, and the modifiers
// that check and print.
var patched = []string{
	`{id,"na\"me":name}`,
	`[name,"id",{"a,b":role}]`,
	`{"\\":id,"x`,
	`@valid`,
	`@ugly`,
	`@pretty:{"sortKeys":true}`,
	`@values.#(==~true)#`,
	`@values.#(==~*)#`,
	`@keys`,
	`@this.name`,
}

// Ask tells what gjson makes of the paths and the calls that the plugin uses.
func Ask(doc []byte) []string {
	lines := []string{"valid " + strconv.FormatBool(gjson.ValidBytes(doc))}
	for _, path := range paths {
		lines = append(lines, line("get "+path, gjson.GetBytes(doc, path)))
	}
	parsed := gjson.ParseBytes(doc)
	lines = append(lines, line("parsed", parsed))
	parsed.ForEach(func(key, value gjson.Result) bool {
		lines = append(lines, line("key", key))
		lines = append(lines, line("value", value))
		return true
	})
	return append(lines, account(doc)...)
}

// AskPatched tells what comes out of the functions that the patch rewrites.
func AskPatched(doc []byte) []string {
	lines := []string{"valid " + strconv.FormatBool(gjson.Valid(string(doc)))}
	for _, path := range patched {
		lines = append(lines, line("get "+path, gjson.GetBytes(doc, path)))
	}
	return lines
}

// account reads the four fields in one pass that ends as soon as it has all.
func account(doc []byte) []string {
	found := map[string]string{}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		if value.Type == gjson.String || value.Type == gjson.Number {
			found[key.Str] = value.String()
		}
		return found["id"] == "" || found["name"] == "" || found["email"] == "" || found["role"] == ""
	})
	lines := []string{}
	for _, field := range []string{"id", "name", "email", "role"} {
		lines = append(lines, "account "+field+" "+strconv.Quote(found[field]))
	}
	return lines
}

// line writes a result down, but for Index and Indexes: the patch leaves them
// at zero.
func line(what string, result gjson.Result) string {
	return what +
		" exists=" + strconv.FormatBool(result.Exists()) +
		" type=" + strconv.Itoa(int(result.Type)) +
		" raw=" + strconv.Quote(result.Raw) +
		" str=" + strconv.Quote(result.Str) +
		" num=" + strconv.FormatFloat(result.Num, 'g', -1, 64) +
		" string=" + strconv.Quote(result.String())
}
