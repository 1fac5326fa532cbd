package main

// A middleware as a configuration has it, and how it is found in a file of any
// kind.

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

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
	bare, _, _ := strings.Cut(name, "@")
	matching := []*deployed{}
	for _, d := range all {
		if name == "" || d.isCalled(bare) {
			matching = append(matching, d)
		}
	}
	switch {
	case len(matching) == 1:
		return matching[0], nil
	case name == "" && len(matching) > 1:
		return nil, fmt.Errorf("-middleware must say which one is meant; %s", listed(all))
	case len(matching) > 1:
		return nil, fmt.Errorf("the middleware %s stands there %d times", bare, len(matching))
	case name == "":
		return nil, errors.New(listed(all))
	}
	return nil, fmt.Errorf("no middleware %s is there that is a plugin; %s", bare, listed(all))
}

// isCalled compares with a name without its provider.
func (d *deployed) isCalled(bare string) bool {
	return d.name == bare || d.manifest && d.namespace+"-"+d.name == bare
}

// listed says which middlewares there are.
func listed(all []*deployed) string {
	if len(all) == 0 {
		return "there is none that is a plugin"
	}
	names := []string{}
	for _, d := range all {
		names = append(names, d.name)
	}
	sort.Strings(names)
	return "there are " + strings.Join(names, ", ")
}

// decodeDocuments reads all documents of a file.
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
