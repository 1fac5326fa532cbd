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
	if !readable && !strings.Contains(strings.ToLower(seen.ContentType), "json") {
		return nil
	}
	// What makes an account is looked at whole; what shows one, as every page
	// load does, is not where a glance will do.
	if !endpoint.Shows && readable && !isObject(answer) {
		return nil
	}
	who := glance(answer, &endpoint.Account)
	if who != nil || seen.Early {
		return who
	}
	if endpoint.Shows && readable && !isObject(answer) {
		return nil
	}
	return accountOf(answer, &endpoint.Account, true)
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
