package seen

// The markers' names, which say nothing of whom they stand for.

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// maxFolders is how many there are for the markers.
const maxFolders = 256

// What an account is marked by. A byte that no text holds ends it, so that no
// id looks like an address.
const (
	byID    = "id\x00"
	byEmail = "email\x00"
)

// markOf is the marker of a text, in hexadecimal.
func markOf(key []byte, kind, text string) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(kind + text))
	return hex.EncodeToString(mac.Sum(nil))
}

func folderName(i int) string {
	return hex.EncodeToString([]byte{byte(i)})
}
