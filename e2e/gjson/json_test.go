package gjson_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// pair is a key of an object with its value's text.
type pair struct{ key, raw string }

// pairsOf reads the pairs of an object with encoding/json.
func pairsOf(tb testing.TB, object []byte) []pair {
	tb.Helper()

	decoder := json.NewDecoder(bytes.NewReader(object))
	_, err := decoder.Token()
	if err != nil {
		tb.Fatal(err)
	}
	pairs := []pair{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			tb.Fatal(err)
		}
		var raw json.RawMessage
		err = decoder.Decode(&raw)
		if err != nil {
			tb.Fatal(err)
		}
		pairs = append(pairs, pair{key: key.(string), raw: string(raw)})
	}
	return pairs
}

// mendSurrogates writes a surrogate escape and the escape after it, where they
// are no pair, as one replacement character. There encoding/json keeps
// the second escape's character, and gjson takes both for one.
func mendSurrogates(doc []byte) []byte {
	mended := []byte{}
	for i := 0; i < len(doc); {
		if doc[i] != '\\' || i+1 == len(doc) {
			mended = append(mended, doc[i])
			i++
			continue
		}
		first, ok := escapeAt(doc, i)
		second, followed := escapeAt(doc, i+6)
		switch {
		case ok && followed && utf16.IsSurrogate(first) && utf16.DecodeRune(first, second) == utf8.RuneError:
			mended = append(mended, `\ufffd`...)
			i += 12
		case ok && followed && utf16.IsSurrogate(first):
			mended = append(mended, doc[i:i+12]...)
			i += 12
		default:
			mended = append(mended, doc[i:i+2]...)
			i += 2
		}
	}
	return mended
}

// escapeAt reads the \uXXXX that begins at a place of a document.
func escapeAt(doc []byte, i int) (rune, bool) {
	if i+6 > len(doc) || doc[i] != '\\' || doc[i+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(doc[i+2:i+6]), 16, 16)
	return rune(n), err == nil
}

// likeJSON compares what gjson reads of a document with encoding/json.
func likeJSON(tb testing.TB, doc []byte) {
	tb.Helper()

	valid := json.Valid(doc)
	if gjson.ValidBytes(doc) != valid {
		tb.Errorf("document %q, valid, got: %v, want: %v", doc, !valid, valid)
		return
	}
	if !valid || bytes.TrimLeft(doc, " \t\r\n")[0] != '{' {
		return
	}
	want := pairsOf(tb, mendSurrogates(doc))

	got := []pair{}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		got = append(got, pair{key: replaced(key.String()), raw: mendedRaw(value)})
		likeValue(tb, doc, value)
		return true
	})
	if !slices.Equal(got, want) {
		tb.Errorf("document %q, pairs, got: %q, want: %q", doc, got, want)
	}

	for _, name := range []string{"id", "name", "email", "role", "displayName"} {
		raw, _ := first(want, name)
		if got := mendedRaw(gjson.GetBytes(doc, name)); got != raw {
			tb.Errorf("document %q, path %s, got: %q, want: %q", doc, name, got, raw)
		}
	}
	raw, once := first(want, "name")
	if once && raw[0] == '{' {
		raw, _ = first(pairsOf(tb, []byte(raw)), "formatted")
		if got := mendedRaw(gjson.GetBytes(doc, "name.formatted")); got != raw {
			tb.Errorf("document %q, path name.formatted, got: %q, want: %q", doc, got, raw)
		}
	}
}

func mendedRaw(value gjson.Result) string {
	return string(mendSurrogates([]byte(value.Raw)))
}

// likeValue compares a value that gjson decoded with encoding/json.
func likeValue(tb testing.TB, doc []byte, value gjson.Result) {
	tb.Helper()

	var got, want any
	switch value.Type {
	case gjson.String:
		got = replaced(value.String())
	case gjson.Number:
		got = value.Num
	case gjson.True, gjson.False:
		got = value.Bool()
	case gjson.JSON:
		return // its text was compared
	}
	err := json.Unmarshal([]byte(mendedRaw(value)), &want)
	if value.Type == gjson.Number {
		// Too large a number is infinite here and an error there.
		want, _ = strconv.ParseFloat(value.Raw, 64)
	} else if err != nil {
		tb.Errorf("document %q, value %q: %v", doc, value.Raw, err)
	}
	if got != want {
		tb.Errorf("document %q, value %q, got: %#v, want: %#v", doc, value.Raw, got, want)
	}
}

// replaced writes bytes that are no UTF-8 as encoding/json does; gjson leaves
// them as they are.
func replaced(text string) string {
	return string([]rune(text))
}

// first is the value of a key where it comes first, which is the one that Get
// gives, and whether it comes only there.
func first(pairs []pair, key string) (raw string, once bool) {
	count := 0
	for _, p := range pairs {
		if p.key != key {
			continue
		}
		if count == 0 {
			raw = p.raw
		}
		count++
	}
	return raw, count == 1
}

func TestLikeEncodingJSON(t *testing.T) {
	docs := corpus(t, corpusSize(t))
	valid := 0
	for _, doc := range docs {
		likeJSON(t, doc)
		if json.Valid(doc) {
			valid++
		}
	}
	t.Logf("%d documents, %d of them valid", len(docs), valid)
}

// A document that was cut off reads as the whole one did up to there.
func TestCutOff(t *testing.T) {
	for _, whole := range edges() {
		if !json.Valid(whole) || len(whole) > 1000 {
			continue
		}
		want := keysOf(whole)
		for cut := range len(whole) {
			got := keysOf(whole[:cut])
			// The last may be cut: a key without its end, a number without its last digits.
			for i := range len(got) - 1 {
				if i >= len(want) || got[i] != want[i] {
					t.Errorf("document %q, pairs, got: %q, want: the beginning of %q", whole[:cut], got, want)
					break
				}
			}
		}
	}
}

func keysOf(doc []byte) []pair {
	pairs := []pair{}
	gjson.ParseBytes(doc).ForEach(func(key, value gjson.Result) bool {
		pairs = append(pairs, pair{key: key.String(), raw: value.Raw})
		return true
	})
	return pairs
}

// FuzzGjson compares the patched gjson with the published one and with
// encoding/json.
func FuzzGjson(f *testing.F) {
	other := startPublished(f)
	for _, doc := range slices.Concat(edges(), recordings(f)) {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		same(t, doc, askPatched(doc), other.ask(t, doc))
		likeJSON(t, doc)
	})
}
