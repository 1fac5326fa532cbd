package doubles

import (
	"net/http"
	"regexp"
)

const teamsPath = "/workflows/0123456789abcdef/triggers/manual/paths/invoke"

// teams takes what starts a workflow "when a Teams webhook request is
// received":
// https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498
var teams = Service{
	Name: "teams",
	URL: "https://prod-01.westeurope.logic.azure.com" + teamsPath +
		"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=teams-signature",
	Formats: []string{"teams"},
	Own:     card("Tim"),
	Most:    27000,
	Markup:  Markup{Ping: None, Link: "[x](https://evil.example)", Mark: "**b**"}, // a mention is one beside the text
	take:    takeTeams,
	// https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration
	busy: with(teamsError(http.StatusTooManyRequests, "WorkflowTriggerIsThrottled", "Too many requests."), "Retry-After", "10"),
}

func teamsError(status int, code, message string) reply {
	return says(status, `{"error":{"code":"`+code+`","message":`+quote(message)+`}}`)
}

// card is the smallest body that shows a text.
func card(words string) string {
	return `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":` +
		`{"type":"AdaptiveCard","version":"1.2","body":[{"type":"TextBlock","text":` + quote(words) + `,"wrap":true}]}}]}`
}

func takeTeams(r request) reply {
	// https://learn.microsoft.com/azure/logic-apps/logic-apps-http-endpoint
	switch {
	case r.path != teamsPath:
		return teamsError(http.StatusNotFound, "WorkflowNotFound", "The workflow could not be found.")
	case r.query.Get("sig") != "teams-signature":
		return teamsError(http.StatusUnauthorized, "DirectApiInvalidAuthorizationScheme", "The provided authorization signature is not valid.")
	case r.method != http.MethodPost:
		return teamsError(http.StatusNotFound, "WorkflowTriggerNotFound", "The trigger does not take this method.")
	}

	// The trigger's schema wants an object, and only JSON can be one:
	// https://learn.microsoft.com/connectors/teams/#when-a-teams-webhook-request-is-received
	object, err := r.object()
	if err != nil || !r.isJSON() {
		return teamsError(http.StatusBadRequest, "TriggerInputSchemaMismatch",
			"The input body for trigger 'manual' of type 'Request' did not match its schema definition. Error details: 'Invalid type. Expected Object but got String.'.")
	}

	// Whatever comes now, the answer has gone out: a flow that fails later
	// fails unseen. As observed.
	answer := reply{status: http.StatusAccepted}

	// 28 KB: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
	attachments, _ := object["attachments"].([]any)
	if len(r.body) > 28<<10 || len(attachments) != 1 {
		return answer
	}

	attachment, _ := attachments[0].(map[string]any)
	card := inner(attachment, "content")

	if object["type"] != "message" || attachment["contentType"] != "application/vnd.microsoft.card.adaptive" ||
		card["type"] != "AdaptiveCard" || !teamsVersion.MatchString(asText(card["version"])) {
		return answer
	}

	body, _ := card["body"].([]any)
	if len(body) != 1 {
		return answer
	}

	block, _ := body[0].(map[string]any)

	words, isText := field(block, "text")
	if block["type"] != "TextBlock" || !isText || blank(words) {
		return answer
	}

	answer.notice = readMarkdown(words)
	// https://adaptivecards.io/explorer/TextBlock.html
	if block["wrap"] != true {
		answer.notice.Marks = append(answer.notice.Marks, "cut at the first line's end")
	}

	// A mention is <at>name</at> with an entity of its own beside the body:
	// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
	if inner(card, "msteams")["entities"] != nil {
		answer.notice.ping(words, teamsMention)
	}

	// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization
	answer.notice.look(words, teamsTimes)

	return answer
}

var (
	// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference#adaptive-card
	teamsVersion = regexp.MustCompile(`^1\.[0-5]$`)
	teamsMention = regexp.MustCompile(`<at>[^<]+</at>`)
	teamsTimes   = []mark{{"date", regexp.MustCompile(`\{\{(DATE|TIME)\([^)]*\)\}\}`)}}
)

func asText(value any) string {
	s, _ := value.(string)
	return s
}
