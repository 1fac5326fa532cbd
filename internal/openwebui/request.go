package openwebui

// A request's body, in whichever encoding it was written.

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// encoding is how a request's JSON was written.
type encoding struct {
	mark  string // the byte order mark before the text; "" for none
	bits  int    // of a unit: 8, 16 or 32
	order binary.ByteOrder
}

// marked are the encodings with a byte order mark. That of UTF-32 begins with
// that of UTF-16, so it is asked for first.
var marked = []encoding{
	{mark: "\x00\x00\xFE\xFF", bits: 32, order: binary.BigEndian},
	{mark: "\xFF\xFE\x00\x00", bits: 32, order: binary.LittleEndian},
	{mark: "\xFE\xFF", bits: 16, order: binary.BigEndian},
	{mark: "\xFF\xFE", bits: 16, order: binary.LittleEndian},
	{mark: "\xEF\xBB\xBF", bits: 8},
}

// decode reads a request's body as Python's json.loads does, whatever the
// charset says (RFC 4627, section 3): UTF-8, UTF-16 or UTF-32, told by a byte
// order mark or by where the zeros of the first two characters stand.
func decode(body []byte) []byte {
	form := detect(body)
	body = body[len(form.mark):]
	switch form.bits {
	case 16:
		units := make([]uint16, len(body)/2)
		_ = binary.Read(bytes.NewReader(body), form.order, units)
		return []byte(string(utf16.Decode(units)))
	case 32:
		runes := make([]rune, len(body)/4)
		_ = binary.Read(bytes.NewReader(body), form.order, runes)
		return []byte(string(runes))
	}
	return body
}

// detect follows detect_encoding of CPython's json package, step by step.
func detect(b []byte) encoding {
	for _, known := range marked {
		if bytes.HasPrefix(b, []byte(known.mark)) {
			return known
		}
	}
	if len(b) < 4 {
		return encoding{bits: 8} // shorter than any object with a name
	}
	if b[0] == 0 && b[1] == 0 {
		return encoding{bits: 32, order: binary.BigEndian}
	}
	if b[0] == 0 {
		return encoding{bits: 16, order: binary.BigEndian}
	}
	if b[1] == 0 && b[2] == 0 && b[3] == 0 {
		return encoding{bits: 32, order: binary.LittleEndian}
	}
	if b[1] == 0 {
		return encoding{bits: 16, order: binary.LittleEndian}
	}
	return encoding{bits: 8}
}
