package main

// Files of dynamic configuration, as Traefik's file provider reads them.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"unicode"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"github.com/traefik/paerser/file"
	"gopkg.in/yaml.v3"
)

// The part of Traefik's dynamic configuration that holds plugins; the shapes
// and names say to its parser what it says to Traefik:
// https://github.com/traefik/traefik/blob/v3.6/pkg/config/dynamic/middlewares.go
type (
	dynamic    struct{ HTTP *httpPart }
	httpPart   struct{ Middlewares map[string]*middleware }
	middleware struct{ Plugin map[string]pluginConf }
)

// fromDynamic reads a file as Traefik's file provider does: it is a template
// first, and then for Traefik's own parser.
// https://github.com/traefik/traefik/blob/v3.6/pkg/provider/file/file.go
func fromDynamic(name, content string, decode func(content string) (map[string]interface{}, error)) ([]*deployed, error) {
	rendered, err := render(content)
	if err != nil {
		return nil, err
	}
	data, err := decode(rendered)
	if err != nil {
		return nil, err
	}
	plugins := map[string]interface{}{}
	for middleware, value := range child(child(data, "http"), "middlewares") {
		body, _ := value.(map[string]interface{})
		for kind, plugin := range body {
			if strings.EqualFold(kind, "plugin") && plugin != nil {
				plugins[middleware] = map[string]interface{}{"plugin": plugin}
			}
		}
	}
	if len(plugins) == 0 {
		return nil, nil
	}
	// The rest of the file is left out, because the parser would have to
	// know all of Traefik's types. JSON is YAML, and keeps every string.
	pruned, err := json.Marshal(map[string]interface{}{"http": map[string]interface{}{"middlewares": plugins}})
	if err != nil {
		return nil, errors.New("a key is no text")
	}
	read := &dynamic{}
	err = file.DecodeContent(string(pruned), ".yaml", read)
	if err != nil {
		return nil, fmt.Errorf("it is not what Traefik reads: %s", unquoted(err.Error()))
	}
	return read.list(name), nil
}

// list gives the middlewares that are plugins.
func (d *dynamic) list(place string) []*deployed {
	all := []*deployed{}
	if d.HTTP == nil {
		return all
	}
	for name, m := range d.HTTP.Middlewares {
		if m != nil && m.Plugin != nil {
			all = append(all, &deployed{name: name, place: place, plugins: m.Plugin})
		}
	}
	return all
}

// render evaluates a file as the template that it is for Traefik.
func render(content string) (string, error) {
	functions := sprig.TxtFuncMap()
	functions["normalize"] = normalize
	functions["split"] = strings.Split
	parsed, err := template.New("line").Funcs(functions).Parse(content)
	if err != nil {
		return "", errors.New("Traefik takes {{…}} for a template: " + unquoted(err.Error()))
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, false)
	if err != nil {
		line := ""
		at := position.FindStringSubmatch(err.Error())
		if at != nil {
			line = " in line " + at[1]
		}
		return "", errors.New("Traefik takes {{…}} for a template, which cannot be evaluated" + line)
	}
	return text.String(), nil
}

// position is where a template's error is.
var position = regexp.MustCompile(`^template: line:(\d+)`)

// normalize is one of Traefik's functions for templates: it parts words by
// dashes.
func normalize(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return strings.Join(words, "-")
}

func decodeTOML(content string) (map[string]interface{}, error) {
	data := map[string]interface{}{}
	_, err := toml.Decode(content, &data)
	var broken toml.ParseError
	if errors.As(err, &broken) {
		return nil, fmt.Errorf("line %d is no well-formed TOML: %s", broken.Position.Line, unquoted(broken.Message))
	}
	if err != nil {
		return nil, errors.New("it is no well-formed TOML: " + unquoted(err.Error()))
	}
	return data, nil
}

func decodeYAML(content string) (map[string]interface{}, error) {
	data := map[string]interface{}{}
	err := yaml.Unmarshal([]byte(content), &data)
	if err != nil {
		return nil, errors.New("it is no well-formed YAML: " + unquoted(err.Error()))
	}
	return data, nil
}
