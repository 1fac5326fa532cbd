package receiver

// ntfy, which takes a text as it is.

import "net/url"

func isNtfy(host string, _ *url.URL) bool {
	return host == "ntfy.sh"
}
