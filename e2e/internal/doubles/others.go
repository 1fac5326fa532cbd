package doubles

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// hookshot writes generic webhooks into a Matrix room:
// https://github.com/matrix-org/matrix-hookshot/blob/main/src/generic/Router.ts
var hookshot = Service{
	Name:    "hookshot",
	URL:     "https://matrix.example/webhook/11111111-2222-3333-4444-555555555555",
	Formats: []string{"slack"},
	Own:     `{"text":"Tim"}`,
	Most:    40000,
	Markup:  Markup{Ping: "@room", Link: "[x](//evil.example)", Mark: "**b**"},
	take:    takeHookshot,
}

// What alerts a whole room: https://spec.matrix.org/v1.11/client-server-api/#default-override-rules
var hookshotMention = regexp.MustCompile(`@room`)

func takeHookshot(r request) reply {
	switch {
	case r.method != http.MethodPost && r.method != http.MethodPut:
		return says(http.StatusMethodNotAllowed, `{"errcode":"HS_INVALID_METHOD","error":"Invalid Method. Expecting PUT or POST"}`)
	case r.path != "/webhook/11111111-2222-3333-4444-555555555555":
		return says(http.StatusNotFound, `{"ok":false,"error":"Webhook not found"}`)
	}

	// What it makes of it:
	// https://matrix-org.github.io/matrix-hookshot/latest/setup/webhooks.html#posting-text-to-the-bot
	// It renders Markdown:
	// https://github.com/matrix-org/matrix-hookshot/blob/main/src/Connections/GenericHook.ts
	const prefix = "Received webhook data: "

	if strings.HasPrefix(r.media, "text/") {
		return showing(http.StatusOK, `{"ok":true}`, readHookshot(prefix+string(r.body)))
	}

	var value any
	if err := json.Unmarshal(r.body, &value); err != nil || !r.isJSON() {
		return says(http.StatusBadRequest, `{"errcode":"HS_BAD_VALUE","error":"Malformed body"}`)
	}

	object, _ := value.(map[string]any)
	if words := asText(object["text"]); words != "" {
		return showing(http.StatusOK, `{"ok":true}`, readHookshot(words))
	}

	return showing(http.StatusOK, `{"ok":true}`, Notice{Text: prefix + string(r.body), Marks: []string{"code block"}})
}

func readHookshot(words string) Notice {
	notice := readMarkdown(words)
	notice.ping(words, hookshotMention)

	return *notice
}

// homeAssistant starts automations:
// https://www.home-assistant.io/docs/automation/trigger/#webhook-trigger. The
// automation here shows {{ trigger.json.data.message }}.
var homeAssistant = Service{
	Name:    "homeassistant",
	URL:     "https://home.example/api/webhook/new-account",
	Formats: []string{"json"},
	Own:     `{"type":"signup","data":{"message":"Tim"}}`,
	Most:    40000,
	Markup:  Markup{Ping: None, Link: None, Mark: None}, // an automation, not people
	take:    takeHomeAssistant,
}

func takeHomeAssistant(r request) reply {
	// POST and PUT unless it was set otherwise: the page above.
	if r.method != http.MethodPost && r.method != http.MethodPut {
		return reply{status: http.StatusMethodNotAllowed}
	}

	// 200 for unknown ids and bodies that it cannot read. As observed.
	answer := reply{status: http.StatusOK}
	object, err := r.object()

	if r.path == "/api/webhook/new-account" && r.isJSON() && err == nil {
		if words := asText(inner(object, "data")["message"]); words != "" {
			answer.notice = &Notice{Text: words}
		}
	}

	return answer
}

// n8n starts workflows: https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/.
// The workflow here shows data.message of JSON, and text as it is.
var n8n = Service{
	Name:    "n8n",
	URL:     "https://n8n.example/webhook/new-account",
	Formats: []string{"json", "text"},
	Own:     `{"type":"signup","data":{"message":"Tim"}}`,
	Most:    40000,
	Markup:  Markup{Ping: None, Link: None, Mark: None}, // a workflow, not people
	take:    takeN8N,
}

func takeN8N(r request) reply {
	// As observed, also for workflows that are not active.
	if r.path != "/webhook/new-account" || r.method != http.MethodPost {
		return says(http.StatusNotFound, `{"code":404,"message":"The requested webhook is not registered."}`)
	}

	answer := says(http.StatusOK, `{"message":"Workflow was started"}`)
	if !r.isJSON() {
		answer.notice = &Notice{Text: string(r.body)}
		return answer
	}

	object, err := r.object()
	if err != nil {
		// As observed.
		return says(http.StatusUnprocessableEntity, `{"code":422,"message":"Failed to parse request body"}`)
	}

	if words := asText(inner(object, "data")["message"]); words != "" {
		answer.notice = &Notice{Text: words}
	}

	return answer
}
