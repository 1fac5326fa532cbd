package main

import (
	"path/filepath"
	"testing"
)

func TestSecretsGivenByFlags(t *testing.T) {
	path := filepath.Join(t.TempDir(), "manifest.yml")
	write(t, path, "kind: Middleware\nmetadata: {name: a}\nspec: {plugin: {x: {webhookURL: 'urn:k8s:secret:hooks:url', headers: {Authorization: 'urn:k8s:secret:hooks:auth'}}}}")
	status, printed := notify(t, nil, "-config", path, "-dry-run", "-url", "https://a.example/hidden", "-header", "Authorization: hidden")
	if status != 0 {
		t.Errorf("got: %d, want: 0: %s", status, printed)
	}
}
