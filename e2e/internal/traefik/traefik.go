// Package traefik runs a real Traefik with plugins in local mode, in a folder
// of its own and on loopback ports of its own.
//
// What is waited for is Traefik's own word: each file of the dynamic
// configuration carries the number of its generation, and a generation is active
// when the API names it. The API hangs on the entry point that serves the tests'
// requests, so that one switch of Traefik's makes both answer from the new
// configuration.
package traefik

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/process"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
)

const (
	// Alias is the name under which configurations use the plugin.
	Alias = "signupwebhook"

	// EntryPoint is the name of the entry point at Server.Addr.
	EntryPoint = "web"

	// apiHost is asked for by the harness alone.
	apiHost = "traefik-api.invalid"

	patience = 20 * time.Second
)

// Options say what to start. The zero value is Traefik with this repository's
// plugin and no dynamic configuration.
type Options struct {
	// Version of Traefik; "" is the usual one (see tools.Traefik).
	Version string

	// Plugins maps aliases to the folders of the plugins' sources. Nil is
	// this repository's plugin under Alias, an empty map no plugin at all.
	Plugins map[string]string

	// Dynamic is the first dynamic configuration, in YAML or TOML. It may
	// have no section `udp` in YAML, which is the harness's.
	Dynamic string

	// Static is YAML merged over the harness's static configuration.
	Static string

	// Env is added to the process's environment. WEBHOOK_URL and the proxy
	// variables of the caller's environment are not passed on.
	Env []string

	// Dir is the working directory. "" is a new folder, removed by Stop.
	Dir string
}

// Server is a running Traefik. It is not safe for concurrent use, but for
// Addr, URL and what reads the log.
type Server struct {
	options Options
	binary  string
	dir     string
	port    int

	run        uint64
	generation int
	files      map[string]string // the generations of what makes up the dynamic configuration
	dynamic    string

	process *process.Process
}

// Run starts Traefik for a test. At the test's end it is stopped, and its log
// shown if the test failed.
func Run(t testing.TB, options Options) *Server {
	t.Helper()

	if options.Dir == "" {
		options.Dir = t.TempDir()
	}

	s, err := Start(t.Context(), options)
	tools.Check(t, err)

	s.showLogOnFailure(t, 0)
	t.Cleanup(s.Stop)

	return s
}

// ShowLogOnFailure shows, at the end of a test that failed, what is logged from
// now on, as Run does.
func (s *Server) ShowLogOnFailure(t testing.TB) {
	t.Helper()

	s.showLogOnFailure(t, len(s.Log()))
}

func (s *Server) showLogOnFailure(t testing.TB, begin int) {
	t.Helper()

	t.Cleanup(func() {
		if !t.Failed() {
			return
		}

		var lines []string

		for line := range strings.Lines(s.Log()[begin:]) {
			// These are whole configurations, or a line for each request.
			if !strings.Contains(line, " DBG ") || strings.Contains(line, "signupwebhook:") {
				lines = append(lines, line)
			}
		}

		const half = 100 // of the lines that are shown
		if more := len(lines) - 2*half; more > 0 {
			lines = slices.Concat(lines[:half], []string{fmt.Sprintf("… %d more lines …\n", more)}, lines[half+more:])
		}

		t.Logf("Traefik's log:\n%s", strings.Join(lines, ""))
	})
}

// Start starts Traefik and waits until the dynamic configuration is active.
func Start(ctx context.Context, options Options) (*Server, error) {
	binary, err := tools.Traefik(ctx, options.Version)
	if err != nil {
		return nil, err
	}

	s := &Server{options: options, binary: binary, dir: options.Dir, run: rand.Uint64(), files: map[string]string{}}

	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "traefik-"); err != nil {
			return nil, err
		}
	}

	if err := s.prepare(ctx); err != nil {
		s.Stop()
		return nil, err
	}

	err = process.OnFreePort(func(port int) error {
		s.port = port
		if err := s.writeStatic(ctx); err != nil {
			return err
		}

		return s.launch(ctx)
	})
	if err != nil {
		s.Stop()
		return nil, err
	}

	return s, nil
}

func (s *Server) prepare(ctx context.Context) error {
	for _, name := range []string{"dynamic", "plugins-local"} {
		if err := os.MkdirAll(filepath.Join(s.dir, name), 0o755); err != nil {
			return err
		}
	}

	if s.options.Plugins == nil {
		root, err := tools.Root()
		if err != nil {
			return err
		}

		s.options.Plugins = map[string]string{Alias: root}
	}

	api := fmt.Sprintf("http:\n  routers:\n    harness-api:\n      rule: Host(`%s`)\n      priority: 1000000\n"+
		"      entryPoints: [%s]\n      service: api@internal\n", apiHost, EntryPoint)

	if err := os.WriteFile(filepath.Join(s.dir, "dynamic", "harness.yml"), []byte(api), 0o600); err != nil {
		return err
	}

	return s.writeDynamic(s.options.Dynamic)
}

// launch starts the process and waits for it.
func (s *Server) launch(ctx context.Context) error {
	env := process.Environ([]string{"WEBHOOK_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}, s.options.Env...)

	p, err := process.Start(s.dir, s.logFile(), env, s.binary, "--configFile="+filepath.Join(s.dir, "static.yml"))
	if err != nil {
		return err
	}

	s.process = p

	if err := s.awaitGeneration(ctx); err != nil {
		p.Kill()
		return fmt.Errorf("starting Traefik: %w\n%s", err, s.logTail())
	}

	// Up to 3.2, Traefik goes on without its plugins where one fails.
	if strings.Contains(s.Log(), "Plugins are disabled because an error has occurred") {
		p.Kill()
		return fmt.Errorf("starting Traefik: a plugin does not load\n%s", s.logTail())
	}

	return nil
}

func (s *Server) writeStatic(ctx context.Context) error {
	version, err := tools.TraefikVersionOf(ctx, s.binary)
	if err != nil {
		return err
	}

	static := map[string]any{
		"global": map[string]any{"checkNewVersion": false, "sendAnonymousUsage": false},
		"log":    map[string]any{"level": "DEBUG", "noColor": true},
		"api":    map[string]any{"dashboard": false},
		"entryPoints": map[string]any{
			EntryPoint: map[string]any{
				"address":   fmt.Sprintf("127.0.0.1:%d", s.port),
				"transport": map[string]any{"lifeCycle": map[string]any{"graceTimeOut": "1s"}},
			},
		},
		"providers": map[string]any{
			// The default of two seconds is there to spare large set-ups.
			"providersThrottleDuration": "50ms",
			"file":                      map[string]any{"directory": filepath.Join(s.dir, "dynamic"), "watch": true},
		},
	}

	if len(s.options.Plugins) > 0 {
		experimental, err := s.installPlugins(version)
		if err != nil {
			return err
		}

		static["experimental"] = experimental
	}

	more := map[string]any{}
	if err := yaml.Unmarshal([]byte(s.options.Static), &more); err != nil {
		return fmt.Errorf("static options: %w", err)
	}

	text, err := yaml.Marshal(merge(static, more))
	if err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(s.dir, "static.yml"), text, 0o600)
}

func (s *Server) installPlugins(version string) (map[string]any, error) {
	local := map[string]any{}

	for _, alias := range slices.Sorted(maps.Keys(s.options.Plugins)) {
		module, err := plugincopy.Into(filepath.Join(s.dir, "plugins-local"), s.options.Plugins[alias])
		if err != nil {
			return nil, err
		}

		local[alias] = map[string]any{"moduleName": module}
	}

	experimental := map[string]any{"localPlugins": local}

	// An unknown field, and the end of the start, before 3.3.
	var minor int
	if _, err := fmt.Sscanf(version, "3.%d.", &minor); err != nil || minor >= 3 {
		experimental["abortOnPluginFailure"] = true
	}

	return experimental, nil
}

func merge(base, over map[string]any) map[string]any {
	for key, value := range over {
		below, isMap := base[key].(map[string]any)
		above, overIsMap := value.(map[string]any)

		if isMap && overIsMap {
			value = merge(below, above)
		}

		base[key] = value
	}

	return base
}

// WriteDynamic replaces the dynamic configuration and waits until the new one
// is active, its middlewares made and its routers switched.
func (s *Server) WriteDynamic(ctx context.Context, text string) error {
	if err := s.writeDynamic(text); err != nil {
		return err
	}

	if err := s.awaitGeneration(ctx); err != nil {
		return fmt.Errorf("the dynamic configuration is not taken: %w\n%s", err, s.logTail())
	}

	return nil
}

// Reload makes Traefik build every middleware again from the same options, as
// it does when anything else in its configuration changes.
func (s *Server) Reload(ctx context.Context) error {
	return s.WriteDynamic(ctx, s.dynamic)
}

func (s *Server) writeDynamic(text string) error {
	s.dynamic = text

	name, other := "dynamic.yml", "dynamic.toml"
	if isTOML(text) {
		name, other = other, name
	}

	if err := s.place(name, text); err != nil {
		return err
	}

	return s.RemoveDynamic(other)
}

// AddDynamic adds a file to the dynamic configuration or replaces it, under a
// name that ends with .yml or .toml, and waits until it is active.
func (s *Server) AddDynamic(ctx context.Context, name, text string) error {
	if err := s.place(name, text); err != nil {
		return err
	}

	return s.Reload(ctx)
}

// place puts a file with the number of its generation where Traefik reads it.
func (s *Server) place(name, text string) error {
	s.generation++

	section := "\nudp:\n  services:\n    %s:\n      loadBalancer:\n        servers:\n          - address: 127.0.0.1:9\n"
	if isTOML(text) {
		section = "\n[udp.services.%s.loadBalancer]\n[[udp.services.%[1]s.loadBalancer.servers]]\naddress = \"127.0.0.1:9\"\n"
	}

	// Unlike that of any other Traefik beside this one, which might answer on
	// a port that this one did not get.
	generation := fmt.Sprintf("generation-%x-%d", s.run, s.generation)

	// Renamed into place, for Traefik would read a half-written file.
	draft := filepath.Join(s.dir, name)
	if err := os.WriteFile(draft, []byte(text+fmt.Sprintf(section, generation)), 0o600); err != nil {
		return err
	}

	s.files[name] = generation

	return os.Rename(draft, filepath.Join(s.dir, "dynamic", name))
}

// RemoveDynamic removes a file that AddDynamic has added. The next change waits
// for Traefik to have noticed.
func (s *Server) RemoveDynamic(name string) error {
	delete(s.files, name)

	err := os.Remove(filepath.Join(s.dir, "dynamic", name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}

	return err
}

// isTOML looks at the first line that says something.
func isTOML(text string) bool {
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line != "" && !strings.HasPrefix(line, "#") {
			return strings.HasPrefix(line, "[")
		}
	}

	return false
}

var errStale = errors.New("still the former configuration")

func (s *Server) awaitGeneration(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	return s.process.Await(ctx, func(ctx context.Context) error {
		text, err := s.API(ctx, "/api/rawdata")
		if err != nil {
			return err
		}

		var raw struct {
			UDPServices map[string]json.RawMessage `json:"udpServices"`
		}
		if err := json.Unmarshal(text, &raw); err != nil {
			return err
		}

		// No others: a file may have been read that is no longer there.
		if len(raw.UDPServices) != len(s.files) {
			return errStale
		}

		for _, generation := range s.files {
			if _, ok := raw.UDPServices[generation+"@file"]; !ok {
				return errStale
			}
		}

		return nil
	})
}

// API asks Traefik's own API, for instance for /api/http/middlewares.
func (s *Server) API(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+path, nil)
	if err != nil {
		return nil, err
	}

	req.Host = apiHost
	// No connection is kept that would hold up a graceful stop.
	req.Close = true

	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()

	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}

	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the API answers %s", res.Status)
	}

	return text, nil
}

// Router is what Traefik makes of a router.
type Router struct {
	Status string   `json:"status"` // enabled, or disabled
	Errors []string `json:"error"`
}

// Router asks for a router by its name and provider, such as chat@file.
func (s *Server) Router(ctx context.Context, name string) (Router, error) {
	text, err := s.API(ctx, "/api/http/routers/"+name)
	if err != nil {
		return Router{}, err
	}

	var router Router
	err = json.Unmarshal(text, &router)

	return router, err
}

// Addr is the address of the entry point, host and port.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// URL is the entry point's base URL, without a slash at its end.
func (s *Server) URL() string { return "http://" + s.Addr() }

// Dir is Traefik's working directory.
func (s *Server) Dir() string { return s.dir }

// PID is the process's number, for measuring its memory.
func (s *Server) PID() int { return s.process.PID() }

// Kill ends Traefik at once, with SIGKILL.
func (s *Server) Kill() { s.process.Kill() }

// Shutdown ends Traefik as `docker stop` would, and leaves its folder.
func (s *Server) Shutdown() {
	if s.process != nil {
		s.process.Stop(patience)
	}
}

// Stop ends Traefik and removes its folder, unless the folder was the
// caller's.
func (s *Server) Stop() {
	s.Shutdown()

	if s.options.Dir == "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Restart starts Traefik again at the same address, after a Kill or after
// shutting it down.
func (s *Server) Restart(ctx context.Context) error {
	s.Shutdown()

	return s.launch(ctx)
}

// Log is all that Traefik and the plugins have written since the first start.
func (s *Server) Log() string { return process.ReadLog(s.logFile()) }

// Error stands in each line of the log that an administrator sees.
const Error = " ERR "

// Lines are those of the log that hold all of the texts.
func (s *Server) Lines(texts ...string) []string {
	var lines []string

	for line := range strings.Lines(s.Log()) {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}

	return lines
}

// AwaitLog waits until the log holds the text.
func (s *Server) AwaitLog(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	return s.process.Await(ctx, func(context.Context) error {
		if !strings.Contains(s.Log(), text) {
			return fmt.Errorf("the log lacks %q", text)
		}

		return nil
	})
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "traefik.log") }

// logTail is the end of the log's errors, or of the log where it has none,
// without Traefik's long accounts of its configuration.
func (s *Server) logTail() string {
	lines := strings.Split(strings.TrimSpace(s.Log()), "\n")

	for _, level := range []string{Error, " FTL "} {
		if strings.Contains(s.Log(), level) {
			lines = slices.DeleteFunc(lines, func(line string) bool { return !strings.Contains(line, level) })
			break
		}
	}

	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, " DBG ") })

	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
