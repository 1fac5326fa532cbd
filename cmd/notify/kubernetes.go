package main

// Manifests of Kubernetes, and the secrets that they name.

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
)

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
