package receiver

// DingTalk's custom robots.

import "net/url"

func isDingTalk(host string, target *url.URL) bool {
	return host == "oapi.dingtalk.com" && target.Path == "/robot/send"
}

// encodeDingTalk names nobody in "at", without which nobody is alerted:
// https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
func encodeDingTalk(c *content) []byte {
	return toJSON(map[string]interface{}{
		"msgtype": "text",
		"text":    map[string]interface{}{"content": c.text},
		"at":      map[string]interface{}{"isAtAll": false},
	})
}
