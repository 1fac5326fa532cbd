package openwebui

// An answer's body: its content encoding, and whether it is a JSON object.

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// answered is the account that an answer tells of; nil where it is no JSON
// object. One that cannot be read is taken for an object if it says that it is.
func answered(endpoint *Endpoint, seen *Exchange) *Account {
	answer, readable := unpack(seen.ContentEncoding, seen.Answer)
	if endpoint.Shows {
		return shown(endpoint, seen, answer, readable)
	}
	if !isAnObject(seen, answer, readable) {
		return nil
	}
	who := glance(answer, &endpoint.Account)
	if who != nil {
		return who
	}
	return accountOf(answer, &endpoint.Account, true)
}

// shown is answered for what only shows an account, as every page load does: it
// is not looked at whole where a glance will do. One that broke off tells of
// nobody, since it comes again, and what there is of it may be half a name.
func shown(endpoint *Endpoint, seen *Exchange, answer []byte, readable bool) *Account {
	who := glance(answer, &endpoint.Account)
	if who != nil || seen.Early {
		return who
	}
	if !isAnObject(seen, answer, readable) || (!seen.Long && !json.Valid(answer)) {
		return nil
	}
	return accountOf(answer, &endpoint.Account, true)
}

// isAnObject tells whether an answer is a JSON object, whole or cut off, or says
// that it is where it cannot be read.
func isAnObject(seen *Exchange, answer []byte, readable bool) bool {
	if readable {
		return isObject(answer)
	}
	return strings.Contains(strings.ToLower(seen.ContentType), "json")
}

// maxUnpacked bounds what a compressed answer may unfold to.
const maxUnpacked = 1 << 20

// unpack undoes a content encoding, or says that it cannot. Nearly always there
// is none, for none was asked for.
func unpack(encoding string, body []byte) ([]byte, bool) {
	if encoding == "" {
		return body, true
	}
	return unfold(encoding, body)
}

func unfold(encoding string, body []byte) ([]byte, bool) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return body, true
	case "gzip", "x-gzip":
		reader, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, false
		}
		// What was cut off gives an error and what came before it.
		plain, _ := io.ReadAll(io.LimitReader(reader, maxUnpacked))
		return plain, true
	}
	return nil, false
}

// isObject tells whether a document is a JSON object, whole or cut off.
func isObject(doc []byte) bool {
	doc = bytes.TrimLeft(doc, " \t\r\n")
	if len(doc) == 0 || doc[0] != '{' {
		return false
	}
	return json.Valid(doc) || isCutOff(doc)
}

func isCutOff(doc []byte) bool {
	var object json.RawMessage
	err := json.NewDecoder(bytes.NewReader(doc)).Decode(&object)
	return errors.Is(err, io.ErrUnexpectedEOF)
}
