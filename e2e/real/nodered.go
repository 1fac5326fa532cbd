package real

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

// NodeRED is a Node-RED with one set of flows.
type NodeRED struct {
	Server

	flows string
}

// No editor is shown, nothing is installed and nobody is asked for news.
const settings = `module.exports = {
  uiHost: "127.0.0.1",
  uiPort: %d,
  flowFile: "flows.json",
  credentialSecret: false,
  disableEditor: true,
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: "info", metrics: false, audit: false } },
}
`

// RunNodeRED starts it with flows as its editor exports them: a JSON array of
// nodes.
func RunNodeRED(t testing.TB, flows string) *NodeRED {
	t.Helper()

	node, err := tools.Node()
	tools.Check(t, err)

	script, err := tools.NodeRED(t.Context())
	tools.Check(t, err)

	n := &NodeRED{Server: Server{name: "Node-RED", dir: t.TempDir()}, flows: flows}
	if err := os.WriteFile(filepath.Join(n.dir, "flows.json"), []byte(flows), 0o600); err != nil {
		t.Fatal(err)
	}

	n.prepare = func(port int) ([]string, []string, error) {
		file := filepath.Join(n.dir, "settings.js")

		return nil, []string{node, script, "--userDir", n.dir, "--settings", file}, os.WriteFile(file, fmt.Appendf(nil, settings, port), 0o600)
	}
	// Its HTTP server is there before its flows are.
	n.ready = func(ctx context.Context) error {
		text, err := n.call(ctx, http.MethodGet, "/flows/state", nil)
		if err == nil && !bytes.Contains(text, []byte(`"start"`)) {
			return fmt.Errorf("its flows are not started: %s", text)
		}

		return err
	}
	n.run(t)

	return n
}

// Deploy deploys the same flows again, as the editor's button does: everything
// is stopped, and started anew.
func (n *NodeRED) Deploy(ctx context.Context) error {
	_, err := n.call(ctx, http.MethodPost, "/flows", []byte(n.flows))

	return err
}

// call asks its admin API:
// https://nodered.org/docs/api/admin/methods/
func (n *NodeRED) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, n.URL()+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}

	req.Close = true
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Node-RED-Deployment-Type", "full")

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}

	if res.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	}

	return text, nil
}

// warning is a line of its log, from a node of the type function.
var warning = regexp.MustCompile(`(?m)^.* - \[warn\] \[function:[^\]]*\] (.*)$`)

// Notices are what its functions have warned of.
func (n *NodeRED) Notices(context.Context) ([]string, error) {
	var notices []string
	for _, found := range warning.FindAllStringSubmatch(n.Log(), -1) {
		notices = append(notices, found[1])
	}

	return notices, nil
}
