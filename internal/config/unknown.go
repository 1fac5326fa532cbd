package config

// Keys that are no options, and the options that they resemble.

import (
	"sort"
	"strings"
)

// keys are those of Options, for whoever misspells one.
var keys = []string{
	"webhookURL", "webhookURLFile", "message", "format", "body", "contentType", "answerContains", "headers",
	"secret", "secretFile", "timeout", "retryFor", "stateDir", "events", "learnFor",
}

// unknownKeys describes each key that is no option, with the option that it
// resembles.
func unknownKeys(unknown map[string]interface{}) []string {
	lines := make([]string, 0, len(unknown))
	for key := range unknown {
		line := shown(key)
		like := resembling(key)
		if like != "" {
			line = line + " (did you mean " + like + "?)"
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	return lines
}

// Ignored names the keys that are no options, for the end of a line.
func Ignored(options *Options) string {
	unknown := unknownKeys(options.Unknown)
	if len(unknown) == 0 {
		return ""
	}
	return "; no option has the name " + strings.Join(unknown, ", ")
}

// resembling is the option nearest to a key, if it is near at all.
func resembling(key string) string {
	best := ""
	least := 4 // edits; from there on it is another word
	for _, option := range keys {
		edits := distance(fold(key), fold(option))
		if edits < least {
			best = option
			least = edits
		}
	}
	return best
}

// fold takes away what people vary in a key's spelling.
func fold(key string) string {
	key = strings.ReplaceAll(key, "-", "")
	key = strings.ReplaceAll(key, "_", "")
	return strings.ToLower(key)
}

// distance is Levenshtein's: how many letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			if row[j]+1 < cost {
				cost = row[j] + 1
			}
			if row[j-1]+1 < cost {
				cost = row[j-1] + 1
			}
			row[j] = cost
		}
	}
	return row[len(b)]
}
