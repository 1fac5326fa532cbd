package receiver

import (
	"net/url"
	"strings"
)

// links are all that services make of a text that have no markup.
var links = strings.NewReplacer("://", ": //") // no stranger posts a link to click

func breakLinks(field string) string { return links.Replace(field) }

// isGotify takes a URL of a server of one's own, by what stands behind its
// host: https://gotify.net/docs/pushmsg
func isGotify(_ string, target *url.URL) bool {
	return strings.HasSuffix(target.Path, "/message") && target.Query().Get("token") != ""
}

func encodeGotify(c *content) []byte {
	return toJSON(map[string]interface{}{"title": "Open WebUI", "message": c.text})
}

func isNtfy(host string, _ *url.URL) bool {
	return host == "ntfy.sh"
}
