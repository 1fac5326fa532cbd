package receiver

// JSON: the format for programs, and bodies of the user's own.

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"

	"github.com/traefik-openwebui/signupwebhook/internal/message"
)

// jsonFormat is the format for programs.
const jsonFormat = "json"

// MessageField is the placeholder of a body's template for the whole message.
const MessageField = "message"

// jsonFields are the placeholders that the format json sends.
var jsonFields = []string{"event", "time", "name", "email", "role", "id"}

// jsonTypes are media types of one JSON document, beside those that end in
// +json; lineTypes of one a line.
var (
	jsonTypes = []string{"application/json", "application/x-json", "text/json", "text/x-json"}
	lineTypes = []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines", "application/x-jsonlines"}
)

// encodeJSON writes the event in the form of Standard Webhooks:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
func encodeJSON(c *content) []byte {
	return toJSON(map[string]interface{}{
		"type":      c.fields["event"],
		"timestamp": c.fields["time"],
		"data": map[string]interface{}{
			"message": c.text,
			"name":    c.fields["name"],
			"email":   c.fields["email"],
			"role":    c.fields["role"],
			"id":      c.fields["id"],
		},
	})
}

// toJSON cannot fail: its values are maps, slices, strings, numbers and
// booleans. Bytes that are no UTF-8 become U+FFFD.
func toJSON(value interface{}) []byte {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return bytes.TrimSuffix(data.Bytes(), []byte("\n"))
}

// escapeJSON makes a text fit between the quotes of a JSON string.
func escapeJSON(text string) string {
	quoted := toJSON(text)
	return string(quoted[1 : len(quoted)-1])
}

// isJSON tells whether a body of that content type is JSON, or several
// documents of it.
func isJSON(contentType string) bool {
	media := mediaOf(contentType)
	return message.Contains(jsonTypes, media) || strings.HasSuffix(media, "+json") || between(media) != ""
}

// between is what parts the documents of a media type that has several; "" for
// all others. In a sequence a record separator stands before each:
// https://www.rfc-editor.org/rfc/rfc7464
func between(media string) string {
	if message.Contains(lineTypes, media) {
		return "\n"
	}
	if media == "application/json-seq" || strings.HasSuffix(media, "+json-seq") {
		return "\x1e"
	}
	return ""
}

// Malformed tells whether a body is not what its content type says, as far as
// that is JSON.
func Malformed(contentType string, data []byte) bool {
	if !isJSON(contentType) {
		return false
	}
	separator := between(mediaOf(contentType))
	if separator == "" {
		return !json.Valid(data)
	}
	for _, document := range bytes.Split(data, []byte(separator)) {
		if len(bytes.TrimSpace(document)) > 0 && !json.Valid(document) {
			return true
		}
	}
	return len(bytes.TrimSpace(data)) == 0
}

func mediaOf(contentType string) string {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return media
}
