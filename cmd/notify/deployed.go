package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"text/template"
	"unicode"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"github.com/traefik/paerser/file"
	"github.com/traefik/paerser/parser"
	"gopkg.in/yaml.v3"
)

// maxConfig bounds what is read of a configuration.
const maxConfig = 8 << 20

// deployed is one plugin's middleware as a configuration has it.
type deployed struct {
	name      string
	namespace string // of a manifest
	place     string // for people
	alias     string // of the plugin
	manifest  bool   // of Kubernetes, where values may stand for secrets
	plugins   map[string]pluginConf
	values    pluginConf
}

// The part of Traefik's dynamic configuration that holds plugins; the shapes
// and names say to its parser what it says to Traefik:
// https://github.com/traefik/traefik/blob/v3.6/pkg/config/dynamic/middlewares.go
type (
	dynamic    struct{ HTTP *httpPart }
	httpPart   struct{ Middlewares map[string]*middleware }
	middleware struct{ Plugin map[string]pluginConf }
)

// readConfig finds a middleware in a file, by its name with or without the
// provider's (notify@file). Its errors repeat no value of the file.
func readConfig(path, name string) (*deployed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("-config: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfig))
	if err != nil {
		return nil, fmt.Errorf("-config: %w", err)
	}
	all, err := middlewaresOf(filepath.Base(path), string(data))
	if err != nil {
		return nil, fmt.Errorf("-config %s: %w", path, err)
	}
	found, err := pick(all, name)
	if err != nil {
		return nil, fmt.Errorf("-config %s: %w", path, err)
	}
	if len(found.plugins) != 1 {
		return nil, fmt.Errorf("-config %s: the middleware %s has %d plugins (%s); Traefik takes a middleware with one alone", path, found.name, len(found.plugins), strings.Join(sortedKeys(found.plugins), ", "))
	}
	for alias, values := range found.plugins {
		found.alias = alias
		found.values = values
	}
	if found.values == nil {
		found.values = pluginConf{} // all options have their defaults
	}
	return found, nil
}

// middlewaresOf lists the middlewares of a file that are plugins.
func middlewaresOf(name, content string) ([]*deployed, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".toml":
		return fromDynamic(name, content, decodeTOML)
	case ".yml", ".yaml":
	default:
		return nil, errors.New("its name ends neither in .yml, .yaml nor .toml; Traefik does not read it")
	}
	// What cannot be read yet may be a template.
	documents, err := decodeDocuments(content)
	if err == nil {
		manifests, err := fromManifests(name, documents)
		if err != nil || len(manifests) > 0 {
			return manifests, err
		}
		labels, err := fromCompose(name, documents)
		if err != nil || len(labels) > 0 {
			return labels, err
		}
	}
	return fromDynamic(name, content, decodeYAML)
}

// pick finds a middleware by name; without one, the only one there is.
func pick(all []*deployed, name string) (*deployed, error) {
	there := []string{}
	for _, d := range all {
		there = append(there, d.name)
	}
	sort.Strings(there)
	list := "there is none that is a plugin"
	if len(there) > 0 {
		list = "there are " + strings.Join(there, ", ")
	}
	bare, _, _ := strings.Cut(name, "@")
	matching := []*deployed{}
	for _, d := range all {
		if name == "" || d.name == bare || d.manifest && d.namespace+"-"+d.name == bare {
			matching = append(matching, d)
		}
	}
	switch {
	case len(matching) == 1:
		return matching[0], nil
	case name == "" && len(matching) > 1:
		return nil, fmt.Errorf("-middleware must say which one is meant; %s", list)
	case len(matching) > 1:
		return nil, fmt.Errorf("the middleware %s stands there %d times", bare, len(matching))
	case name == "":
		return nil, errors.New(list)
	}
	return nil, fmt.Errorf("no middleware %s is there that is a plugin; %s", bare, list)
}

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

func decodeDocuments(content string) ([]map[string]interface{}, error) {
	documents := []map[string]interface{}{}
	decoder := yaml.NewDecoder(strings.NewReader(content))
	for {
		document := map[string]interface{}{}
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
}

// fromManifests reads Middlewares of Kubernetes. They come to Traefik as JSON:
// https://github.com/traefik/traefik/blob/v3.6/pkg/provider/kubernetes/crd/kubernetes.go
func fromManifests(name string, documents []map[string]interface{}) ([]*deployed, error) {
	all := []*deployed{}
	for _, document := range unlisted(documents) {
		data, err := json.Marshal(document)
		if err != nil {
			return nil, errors.New("a key is no text")
		}
		manifest := struct {
			Kind     string
			Metadata struct{ Name, Namespace string }
			Spec     struct{ Plugin map[string]pluginConf }
		}{}
		if document["kind"] != "Middleware" {
			continue
		}
		err = json.Unmarshal(data, &manifest)
		if err != nil {
			return nil, errors.New("a Middleware in it has not the shape of one")
		}
		if manifest.Spec.Plugin == nil {
			continue
		}
		namespace := manifest.Metadata.Namespace
		if namespace == "" {
			namespace = "default"
		}
		all = append(all, &deployed{
			name:      manifest.Metadata.Name,
			namespace: namespace,
			place:     name,
			manifest:  true,
			plugins:   manifest.Spec.Plugin,
		})
	}
	return all, nil
}

// unlisted takes manifests out of lists of them, such as kubectl prints.
func unlisted(documents []map[string]interface{}) []map[string]interface{} {
	all := []map[string]interface{}{}
	for _, document := range documents {
		kind, _ := document["kind"].(string)
		items, isList := document["items"].([]interface{})
		if !isList || !strings.HasSuffix(kind, "List") {
			all = append(all, document)
			continue
		}
		inside := []map[string]interface{}{}
		for _, item := range items {
			manifest, isMap := item.(map[string]interface{})
			if isMap {
				inside = append(inside, manifest)
			}
		}
		all = append(all, unlisted(inside)...)
	}
	return all
}

// fromCompose reads labels of services, or labels alone.
func fromCompose(name string, documents []map[string]interface{}) ([]*deployed, error) {
	all := []*deployed{}
	for _, document := range documents {
		holders := map[string]map[string]interface{}{"": document}
		services, _ := document["services"].(map[string]interface{})
		for service := range services {
			holders[service] = child(services, service)
			holders[service+" (deploy)"] = child(holders[service], "deploy")
		}
		for _, service := range sortedKeys(holders) {
			found, err := fromLabels(name, service, holders[service]["labels"])
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return all, nil
}

const labelPrefix = "traefik.http.middlewares."

// isPluginLabel is a label that says something of a plugin.
var isPluginLabel = regexp.MustCompile(`(?i)^traefik\.http\.middlewares\.[^.]+\.plugin\.`)

// fromLabels reads labels as Traefik's Docker provider does.
func fromLabels(name, service string, written interface{}) ([]*deployed, error) {
	labels := map[string]string{}
	all, err := labelsOf(written)
	if err != nil {
		return nil, err
	}
	for key, value := range all {
		if !isPluginLabel.MatchString(key) {
			continue
		}
		plain := strings.ReplaceAll(value, "$$", "")
		if strings.Contains(plain, "$") {
			return nil, fmt.Errorf("the label %s holds a $, which Compose evaluates; use what docker compose config prints", key)
		}
		labels[key] = strings.ReplaceAll(value, "$$", "$")
	}
	if len(labels) == 0 {
		return nil, nil
	}
	read := &dynamic{}
	err = parser.Decode(labels, read, parser.DefaultRootName, labelPrefix)
	if err != nil {
		return nil, fmt.Errorf("its labels are not what Traefik reads: %s", unquoted(err.Error()))
	}
	place := name
	if service != "" {
		place = name + ", service " + service
	}
	return read.list(place), nil
}

// labelsOf reads both forms that Compose takes: a map, or a list of key=value.
func labelsOf(written interface{}) (map[string]string, error) {
	labels := map[string]string{}
	switch form := written.(type) {
	case map[string]interface{}:
		for key, value := range form {
			labels[key] = fmt.Sprint(value)
		}
	case []interface{}:
		for _, line := range form {
			text, isText := line.(string)
			if !isText {
				return nil, errors.New("a label in the list is no text for YAML, such as one with a colon and a blank; put the whole label into quotes")
			}
			key, value, _ := strings.Cut(text, "=")
			labels[key] = value
		}
	}
	return labels, nil
}

// child is a map below a key, in upper or lower case; nil if there is none.
func child(parent map[string]interface{}, key string) map[string]interface{} {
	for name, value := range parent {
		if strings.EqualFold(name, key) {
			below, _ := value.(map[string]interface{})
			return below
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
