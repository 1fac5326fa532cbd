package receiver

// Gotify, on a server of one's own.

import (
	"net/url"
	"strings"
)

// isGotify takes a URL of a server of one's own, by what stands behind its
// host: https://gotify.net/docs/pushmsg
func isGotify(_ string, target *url.URL) bool {
	return strings.HasSuffix(target.Path, "/message") && target.Query().Get("token") != ""
}

func encodeGotify(c *content) []byte {
	return toJSON(map[string]interface{}{"title": "Open WebUI", "message": c.text})
}
