package delivery

// The headers of Standard Webhooks: id, time and signature.

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// WebhookID names a notice by the middleware and the account, so that the same
// account carries the same one after a kill and from another Traefik, and a
// receiver can drop the double. Without an id of the account it is random. It
// has no dot, which Standard Webhooks forbids.
func WebhookID(middleware, account string) string {
	if account == "" {
		bits := make([]byte, 16)
		_, _ = rand.Read(bits) // never fails on the systems that Go supports
		return "msg_" + hex.EncodeToString(bits)
	}
	sum := sha256.Sum256([]byte(middleware + "\n" + account))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// Sign sets the headers of Standard Webhooks: the id, the time of the try, and
// with a key the signature of both and the body.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
func Sign(header http.Header, id string, now time.Time, key, body []byte) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	header.Set("Webhook-Id", id)
	header.Set("Webhook-Timestamp", timestamp)
	if len(key) > 0 {
		header.Set("Webhook-Signature", signature(id, timestamp, key, body))
	}
}

func signature(id, timestamp string, key, body []byte) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(id + "." + timestamp + "."))
	_, _ = mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
