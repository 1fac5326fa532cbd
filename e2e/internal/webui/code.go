package webui

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// CodeStep is the number of the half minute, of which each has a code.
func CodeStep(now time.Time) int64 { return now.Unix() / 30 }

// OneTimeCode is the six digits of RFC 6238 for a second factor's key.
func OneTimeCode(key string, step int64) (string, error) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key)
	if err != nil {
		return "", err
	}

	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)

	word := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&0x0f:]) & 0x7fffffff

	return fmt.Sprintf("%06d", word%1_000_000), nil
}
