package openwebui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Find":
		found := Find(Watched(strings.Fields(args[2])), args[0], args[1])
		if found == nil {
			return "none"
		}
		return fmt.Sprintf("%v", *found)
	case "matches":
		return strconv.FormatBool(matches(args[0], args[1]))
	case "Events":
		return fmt.Sprintf("%q", Events())
	case "Fields":
		return fmt.Sprintf("%q", Fields())
	case "Complete":
		return judgeComplete(args)
	case "EventOf":
		return judgeEventOf(args)
	case "decode":
		return string(decode([]byte(args[0])))
	case "detect":
		form := detect([]byte(args[0]))
		return fmt.Sprint(form.bits, form.order, form.mark)
	case "isObject":
		return strconv.FormatBool(isObject([]byte(args[0])))
	case "mend":
		return string(mend([]byte(args[0])))
	case "unpack":
		plain, readable := unpack(args[0], []byte(args[1]))
		return fmt.Sprintf("%t %q", readable, plain)
	case "accountOf":
		found := accountOf([]byte(args[1]), judgedPaths(args[2]), args[0] == "early")
		return judgedAccount(found)
	case "glance":
		found := glance([]byte(args[0]), judgedPaths(args[1]))
		if found == nil {
			return "none"
		}
		return judgedAccount(found)
	}
	return "no function " + name
}

// judgedPaths are those of a row of the table.
func judgedPaths(event string) *Paths {
	if event == "scim" {
		return &scimKeys
	}
	return &ownKeys
}

func judgedAccount(found *Account) string {
	return fmt.Sprintf("%q %q %q %q", found.ID, found.Name, found.Email, found.Role)
}

// judgeComplete takes one field that was stored, and its value.
func judgeComplete(args []string) string {
	stored := map[string]string{}
	if args[0] != "" {
		stored[args[0]] = args[1]
	}
	whole := Complete(stored, time.Unix(1767225600, 0))
	return fmt.Sprintf("%q %q %q %d", whole["name"], whole["event"], whole["time"], len(stored))
}

// judgeEventOf takes what was seen, a method and a path, and how much of the
// answer it is.
func judgeEventOf(args []string) string {
	status, _ := strconv.Atoi(args[0])
	seen := &Exchange{
		Status:          status,
		ContentType:     args[1],
		ContentEncoding: args[2],
		Answer:          []byte(args[3]),
		Request:         []byte(args[4]),
		Early:           args[6] == "early",
		Long:            args[6] == "long",
	}
	method, path, _ := strings.Cut(args[5], " ")
	endpoint := Find(Watched(Events()), method, path)
	event := EventOf(endpoint, seen, AccountOf(endpoint, seen), time.Unix(1767225600, 0))
	if event == nil {
		return "none"
	}
	values := Values(event, Fields())
	text := fmt.Sprint(event.Made, event.SignUp, " ")
	for _, field := range Fields() {
		text += fmt.Sprintf("%s=%q ", field, values[field])
	}
	return text
}
