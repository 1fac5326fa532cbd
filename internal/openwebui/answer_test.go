package openwebui

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func TestAnswers(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	checkSights(t, []sight{
		{desc: "an array", answer: `[{"name":"Tim"}]`, want: "nothing"},
		{desc: "a string", answer: `"Tim"`, want: "nothing"},
		{desc: "empty", answer: ``, want: "nothing"},
		{desc: "a page", media: "text/html", answer: `<html>`, want: "nothing"},
		{desc: "no JSON", answer: `{"name" = "Tim"}`, want: "nothing"},
		{desc: "an unknown encoding of JSON", encoding: "zstd", answer: "\x28\xb5\x2f\xfd", request: `{"name":"Tim"}`, want: "signup|Tim|||"},
		{desc: "an unknown encoding of a page", encoding: "zstd", media: "text/html", answer: "\x28\xb5\x2f\xfd", request: `{"name":"Tim"}`, want: "nothing"},
		{desc: "gzip that is none", encoding: "gzip", answer: `{"name":"Tim"}`, request: `{"name":"Tom"}`, want: "signup|Tom|||"},
		{desc: "gzip", encoding: " GZIP ", answer: zip(`{"name":"Tim"}`), want: "signup|Tim|||"},
		{desc: "gzip, cut", encoding: "gzip", answer: zip(`{"name":"Tim"}`)[:30], want: "signup|Tim|||"},
		{desc: "gzip of more than is unpacked", encoding: "x-gzip", answer: zip(`{"name":"Tim","a":"` + long + `"}`), want: "signup|Tim|||"},
	})
}

func zip(text string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte(text))
	_ = writer.Close()
	return packed.String()
}
