package openwebui

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"
)

func wide(order binary.ByteOrder, text string) string {
	data := []byte{}
	for _, unit := range utf16.Encode([]rune(text)) {
		two := make([]byte, 2)
		order.PutUint16(two, unit)
		data = append(data, two...)
	}
	return string(data)
}

func wider(order binary.ByteOrder, text string) string {
	data := []byte{}
	for _, r := range text {
		four := make([]byte, 4)
		order.PutUint32(four, uint32(r))
		data = append(data, four...)
	}
	return string(data)
}

func TestDecode(t *testing.T) {
	const text = `{"name":"Tïm 🎉"}`
	little := binary.LittleEndian
	big := binary.BigEndian
	tests := []struct {
		desc string
		body string
		want string
	}{
		{desc: "UTF-8", body: text, want: text},
		{desc: "UTF-8 with a mark", body: "\xef\xbb\xbf" + text, want: text},
		{desc: "UTF-16, little", body: wide(little, text), want: text},
		{desc: "UTF-16, big", body: wide(big, text), want: text},
		{desc: "UTF-16, little, with a mark", body: wide(little, "\uFEFF"+text), want: text},
		{desc: "UTF-16, big, with a mark", body: wide(big, "\uFEFF"+text), want: text},
		{desc: "UTF-32, little", body: wider(little, text), want: text},
		{desc: "UTF-32, big", body: wider(big, text), want: text},
		{desc: "UTF-32, little, with a mark", body: wider(little, "\uFEFF"+text), want: text},
		{desc: "UTF-32, big, with a mark", body: wider(big, "\uFEFF"+text), want: text},
		{desc: "a first character beyond ASCII", body: wide(little, "{\uFEFF"), want: "{\uFEFF"},
		{desc: "cut in a unit", body: wide(big, text) + "\x00", want: text},
		{desc: "UTF-32 that is no character", body: wider(big, "{") + "\x7f\xff\xff\xff", want: "{\uFFFD"},
		{desc: "empty", body: "", want: ""},
		{desc: "a mark alone", body: "\xff\xfe", want: ""},
		{desc: "shorter than a character of UTF-32", body: "{}", want: "{}"},
	}
	for _, test := range tests {
		got := string(decode([]byte(test.body)))
		if got != test.want {
			t.Errorf("%s: got: %q, want: %q", test.desc, got, test.want)
		}
	}
}
