package message

import (
	"fmt"
	"strconv"
	"strings"
)

// Judge calls a function of this package, in words.
func Judge(name string, args []string) string {
	switch name {
	case "Clean":
		return Clean(args[0])
	case "Cut":
		max, _ := strconv.Atoi(args[0])
		return shorten(args[1], max)
	case "Boundary":
		at, _ := strconv.Atoi(args[0])
		runes := []rune(args[1])
		if at > len(runes) {
			at = len(runes)
		}
		return strconv.Itoa(Boundary(runes, at))
	case "Parse":
		return judgeParse(args)
	}
	return "no function " + name
}

// judgeParse also renders, with values for some of the fields only.
func judgeParse(args []string) string {
	values := map[string]string{"name": args[1], "event": args[2]}
	template, unknown := Parse(args[0], []string{"name", "email", "role", "id", "event", "time"})
	text := Render(template, values, strings.ToUpper)
	return fmt.Sprintf("%q %q", unknown, text)
}
