package examples

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/markdown"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

// readme is the README's one block that begins so.
func readme(t *testing.T, begin string) string {
	t.Helper()

	page, err := markdown.Read(dirOf(t, "../README.md"))
	if err != nil {
		t.Fatal(err)
	}

	var found []string

	for _, section := range page {
		for _, block := range section.Blocks {
			if strings.HasPrefix(block.Code, begin) {
				found = append(found, block.Code)
			}
		}
	}

	if len(found) != 1 {
		t.Fatalf("got: %d blocks that begin with %q, want: one", len(found), begin)
	}

	return found[0]
}

// readmeStatic is the README's static configuration, with what everybody has.
func readmeStatic(t *testing.T) object {
	t.Helper()

	config := yamltree.Parse(t, readme(t, "experimental:"))
	config["entryPoints"] = object{"web": object{"address": ":80"}}

	return config
}

func TestReadmeLabels(t *testing.T) {
	sink, app := receiver.Run(t), newApplication(t)

	// A container whose image exposes Open WebUI's port.
	file := filepath.Join(t.TempDir(), "compose.yml")
	writeFile(t, file, "name: readme\nservices:\n  open-webui:\n    image: open-webui\n    expose: ['8080']\n"+
		"    "+strings.ReplaceAll(readme(t, "labels:"), "\n", "\n    "))

	p, err := loadProject(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}

	config := readmeStatic(t)
	// The container's port is that of the stand-in on the host.
	config["providers"] = object{"docker": object{"endpoint": playDocker(t, p, app.Listener.Addr().String()), "useBindPortIP": true, "exposedByDefault": false}}

	server := traefik.Run(t, traefik.Options{Static: static(t, config), Env: []string{"WEBHOOK_URL=" + sink.URL() + "/hook"}})
	awaitRouter(t, server, "open-webui@docker")

	signUp(t, server, "chat.example.org", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim")
}

func TestReadmeKubernetes(t *testing.T) {
	// Where kubectl puts what names no namespace.
	const namespace = "default"

	sink, app, c := receiver.Run(t), newApplication(t), newCluster(t)

	for _, one := range manifests(t, readme(t, "apiVersion:")) {
		one["metadata"].(object)["namespace"] = namespace
		c.set(strings.ToLower(one["kind"].(string))+"s", one)
	}

	c.set("secrets", secretOf(namespace, sink.URL()+"/hook"))
	c.setService(t, namespace, app.Listener.Addr().String())

	server := inCluster(t, c, readmeStatic(t))

	signUp(t, server, "chat.example.org", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim")
}
