package main

import (
	"errors"
	"fmt"
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

// urnOfSecret stands for a key of a Kubernetes secret in a manifest.
const urnOfSecret = "urn:k8s:secret:"

// secretsOfKubernetes explains each value that Traefik would take from a
// secret: there is no way to it from here.
func secretsOfKubernetes(d *deployed) []string {
	problems := []string{}
	for key, value := range d.values {
		problems = append(problems, explainSecret(key, key, value, d)...)
		headers, _ := value.(map[string]interface{})
		for name, value := range headers {
			problems = append(problems, explainSecret("headers", key+"."+name, value, d)...)
		}
	}
	sort.Strings(problems)
	return problems
}

// instead are the flags that take what a secret holds.
var instead = map[string]string{
	"webhookurl": "put it into a file and add -url-file FILE",
	"secret":     "put it into a file and add -secret-file FILE",
	"headers":    `add -header "Name: value"`,
}

func explainSecret(option, key string, value interface{}, d *deployed) []string {
	text, _ := value.(string)
	if !strings.HasPrefix(text, urnOfSecret) {
		return nil
	}
	if !d.manifest {
		return []string{key + ": Traefik replaces " + urnOfSecret + "… in Kubernetes manifests alone; here it stays as it is"}
	}
	parts := strings.Split(text, ":")
	if len(parts) != 5 || parts[3] == "" || parts[4] == "" {
		return []string{key + ": this is no " + urnOfSecret + "NAME:KEY, so Traefik leaves the middleware out"}
	}
	remedy := instead[strings.ToLower(option)]
	if remedy == "" {
		remedy = "give the value by its flag"
	}
	return []string{fmt.Sprintf(
		"%s: its value stands in the Kubernetes secret %s under %s, which Traefik reads in the cluster and this command cannot. Get it with kubectl -n %s get secret %s -o jsonpath='{.data.%s}' | base64 -d, and %s",
		key, parts[3], parts[4], d.namespace, parts[3], strings.ReplaceAll(parts[4], ".", `\.`), remedy)}
}
