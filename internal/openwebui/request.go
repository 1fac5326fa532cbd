package openwebui

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// encoding is how a request's JSON was written.
type encoding struct {
	bits  int // of a unit: 8, 16 or 32
	order binary.ByteOrder
	mark  int // bytes of byte order mark before the text
}

// decode reads a request's body as Python's json.loads does, whatever the
// charset says (RFC 4627, section 3): UTF-8, UTF-16 or UTF-32, told by a byte
// order mark or by where the zeros of the first two characters stand.
func decode(body []byte) []byte {
	form := detect(body)
	body = body[form.mark:]
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

// detect follows detect_encoding of CPython's json package, step by step: the
// mark of UTF-32 begins with that of UTF-16, so it is asked for first.
func detect(b []byte) encoding {
	if bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}) {
		return encoding{bits: 32, order: binary.BigEndian, mark: 4}
	}
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}) {
		return encoding{bits: 32, order: binary.LittleEndian, mark: 4}
	}
	if bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return encoding{bits: 16, order: binary.BigEndian, mark: 2}
	}
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) {
		return encoding{bits: 16, order: binary.LittleEndian, mark: 2}
	}
	if bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}) {
		return encoding{bits: 8, mark: 3}
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
