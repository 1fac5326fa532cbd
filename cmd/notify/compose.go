package main

// Labels in compose files, as Traefik's Docker provider reads them.

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/traefik/paerser/parser"
)

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
