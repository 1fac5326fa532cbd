package main

// The options, decoded as Traefik does it.

import (
	"errors"
	"regexp"
	"sort"
	"strings"

	"github.com/mitchellh/mapstructure"

	"github.com/traefik-openwebui/signupwebhook/internal/config"
)

// pluginConf is what stands below the plugin's alias.
type pluginConf map[string]interface{}

// key is how an option is spelled there, else as it is.
func (p pluginConf) key(option string) string {
	for key := range p {
		if strings.EqualFold(key, option) {
			return key
		}
	}
	return option
}

func (p pluginConf) remove(option string) {
	for key := range p {
		if strings.EqualFold(key, option) {
			delete(p, key)
		}
	}
}

// decode gives options the values as Traefik does for a plugin that it
// interprets: https://github.com/traefik/traefik/blob/v3.6/pkg/plugins/middlewareyaegi.go
func decode(values pluginConf) (*config.Options, error) {
	options := config.Defaults()
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		DecodeHook:       mapstructure.StringToSliceHookFunc(","),
		WeaklyTypedInput: true,
		Result:           options,
	})
	if err != nil {
		return nil, err
	}
	err = decoder.Decode(map[string]interface{}(values))
	if err != nil {
		return nil, errors.New("Traefik cannot read the options: " + explainDecode(err))
	}
	return options, nil
}

// expected is the part of mapstructure's errors that repeats no value.
var expected = regexp.MustCompile(`^'([A-Za-z]+)(\[?)[^']*' expected (?:type '|a )?([a-z]+)`)

// kinds are the kinds of value that options have, in words.
var kinds = map[string]string{"string": "one text", "map": "a map of texts"}

// explainDecode says which options have the wrong kind of value, without it.
func explainDecode(err error) string {
	var all *mapstructure.Error
	if !errors.As(err, &all) {
		return "one has the wrong kind of value"
	}
	lines := []string{}
	for _, text := range all.Errors {
		line := "one has the wrong kind of value"
		found := expected.FindStringSubmatch(text)
		if found != nil && kinds[found[3]] != "" {
			option := strings.ToLower(found[1][:1]) + found[1][1:]
			if found[2] != "" {
				option = "each of " + option
			}
			line = option + " must be " + kinds[found[3]]
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	return strings.Join(lines, "; ")
}

// quoted is what parsers repeat of what they read, which may be a secret.
var quoted = regexp.MustCompile("\"[^\"]*\"|'[^']*'|`[^`]*`")

// unquoted takes from an error's text what it repeats.
func unquoted(text string) string {
	return quoted.ReplaceAllString(text, "…")
}
