package examples

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/receiver"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/traefik"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/wait"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/yamltree"
)

// manifests are the documents of a file.
func manifests(t *testing.T, text string) []object {
	t.Helper()

	var all []object

	decoder := yaml.NewDecoder(strings.NewReader(text))

	for {
		one := object{}

		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}

		if err != nil {
			t.Fatal(err)
		}

		all = append(all, one)
	}
}

// TestKubernetes has Traefik's own provider read the manifests from a cluster
// that is played.
func TestKubernetes(t *testing.T) {
	dir := dirOf(t, "kubernetes")
	sink, other, app, stateDir := receiver.Run(t), receiver.Run(t), newApplication(t), t.TempDir()

	c := newCluster(t)
	for _, one := range manifests(t, replaced(t, read(t, dir, "open-webui.yaml"), "/data/signupwebhook", stateDir)) {
		c.set(strings.ToLower(one["kind"].(string))+"s", one)
	}

	const namespace = "open-webui"

	// What the README's commands and Open WebUI's chart make.
	c.set("secrets", secretOf(namespace, sink.URL()+"/hook"))
	c.setService(t, namespace, app.Listener.Addr().String())

	values := valuesOf(t, dir)
	config := fromFlags(t, values.AdditionalArguments)
	config["log"] = object{"level": values.Logs.General.Level} // which the chart makes of another value
	server := inCluster(t, c, config)

	signUp(t, server, "chat.example.org", "Tim", nil)
	wantNotices(t, sink, "Neuer Benutzer registriert: Tim")
	wantLog(t, server, dir)

	// A secret that changes is used at once, as the README says.
	sink.Answer(http.StatusGone)
	signUp(t, server, "chat.example.org", "Tom", nil)

	if _, err := sink.AwaitTries(t.Context(), 2); err != nil {
		t.Fatal(err)
	}

	c.set("secrets", secretOf(namespace, other.URL()+"/hook"))
	wantNotices(t, other, "Neuer Benutzer registriert: Tom")

	if found, _ := filepath.Glob(filepath.Join(stateDir, "*", "new")); len(found) != 1 {
		t.Errorf("got: %d folders for what waits, want: one", len(found))
	}
}

// secretOf is the webhook's URL as kubectl makes a secret of it.
func secretOf(namespace, url string) object {
	return object{"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
		"metadata": object{"name": "signupwebhook", "namespace": namespace},
		"data":     object{"url": base64.StdEncoding.EncodeToString([]byte(url))}}
}

// inCluster runs Traefik with the cluster as its provider, and waits for its
// one router.
func inCluster(t *testing.T, c *cluster, config object) *traefik.Server {
	t.Helper()

	// These Traefik's chart sets by itself.
	config["entryPoints"] = object{"web": object{"address": ":80"}}
	config["providers"] = object{"kubernetesCRD": object{"endpoint": c.server.URL, "token": "a-token", "throttleDuration": "50ms"}}

	server := traefik.Run(t, traefik.Options{
		Static: static(t, config),
		// Traefik is outside the cluster, wherever this test may run.
		Env: []string{"KUBERNETES_SERVICE_HOST=", "KUBECONFIG="},
	})
	awaitRouter(t, server, awaitClusterRouter(t, server))

	return server
}

// helmValues are what the example tells Traefik's chart.
type helmValues struct {
	Deployment struct {
		InitContainers    []struct{ Command []string } `yaml:"initContainers"`
		AdditionalVolumes []struct{ Name string }      `yaml:"additionalVolumes"`
	}
	AdditionalVolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"additionalVolumeMounts"`
	AdditionalArguments []string `yaml:"additionalArguments"`
	Persistence         struct {
		Enabled bool
		Path    string
	}
	Logs struct{ General struct{ Level string } }
}

// valuesOf reads the Helm values, and looks at what must fit together in them.
func valuesOf(t *testing.T, dir string) helmValues {
	t.Helper()

	var values helmValues

	if err := yaml.Unmarshal([]byte(read(t, dir, "values.yaml")), &values); err != nil {
		t.Fatal(err)
	}

	init := values.Deployment.InitContainers
	if len(init) != 1 || len(values.AdditionalVolumeMounts) != 1 || len(values.Deployment.AdditionalVolumes) != 1 {
		t.Fatalf("got: %+v, want: one init container, one volume, one mount", values)
	}

	if got, want := values.AdditionalVolumeMounts[0].Name, values.Deployment.AdditionalVolumes[0].Name; got != want {
		t.Errorf("got: the volume %s mounted, want: %s", got, want)
	}

	middleware := manifests(t, read(t, dir, "open-webui.yaml"))[0]
	if got, _ := dig(middleware, "spec", "plugin", traefik.Alias, "stateDir").(string); !values.Persistence.Enabled || !strings.HasPrefix(got, values.Persistence.Path+"/") {
		t.Errorf("got: the state in %q, want: below the volume at %s", got, values.Persistence.Path)
	}

	return values
}

// TestInitContainer runs the very command that fetches the plugin, from a local
// repository, several times in the same volume.
func TestInitContainer(t *testing.T) {
	for _, program := range []string{"git", "sh"} {
		if _, err := exec.LookPath(program); err != nil {
			tools.Check(t, tools.Missing(program))
		}
	}

	repository, volume := t.TempDir(), t.TempDir()
	goMod := "module " + tools.Module + "\n"
	writeFile(t, filepath.Join(repository, "go.mod"), goMod)

	git := func(args ...string) {
		t.Helper()

		args = append([]string{"-C", repository, "-c", "user.name=Tim", "-c", "user.email=tim@example.org", "-c", "commit.gpgsign=false"}, args...)
		if out, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}

	git("init", "--quiet", "--initial-branch=main")
	git("add", ".")
	git("commit", "--quiet", "--message=x")

	values := valuesOf(t, dirOf(t, "kubernetes"))
	command := slices.Clone(values.Deployment.InitContainers[0].Command)
	last := len(command) - 1
	command[last] = replaced(t, command[last],
		"https://"+tools.Module+" ", "file://"+repository+" ",
		"cd "+values.AdditionalVolumeMounts[0].MountPath+"\n", "cd "+volume+"\n")

	// Where Traefik looks.
	plugin := filepath.Join(volume, "src", filepath.FromSlash(tools.Module))

	tests := []struct {
		desc  string
		begin func()
		fault bool
	}{
		{desc: "no network", begin: func() { rename(t, repository, repository+"-off") }, fault: true},
		{desc: "killed in the middle before", begin: func() {
			rename(t, repository+"-off", repository)

			if err := os.MkdirAll(filepath.Join(volume, "fetched", ".git"), 0o755); err != nil {
				t.Fatal(err)
			}

			writeFile(t, filepath.Join(volume, "fetched", "half"), "x")
		}},
		{desc: "again", begin: func() {}},
		{desc: "again, without network", begin: func() { rename(t, repository, repository+"-off") }},
	}

	for _, test := range tests {
		test.begin()

		out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
		if (err != nil) != test.fault {
			t.Fatalf("%s: got: %v, want a fault: %v\n%s", test.desc, err, test.fault, out)
		}

		if test.fault {
			continue
		}

		if got := read(t, plugin, "go.mod"); got != goMod {
			t.Errorf("%s: got: %q in Traefik's folder, want: %q", test.desc, got, goMod)
		}

		if found, _ := filepath.Glob(filepath.Join(plugin, "[^.]*")); len(found) != 1 {
			t.Errorf("%s: got: %v, want: what is in the repository", test.desc, found)
		}
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()

	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// cluster plays the lists and watches of Kubernetes' API
// (https://kubernetes.io/docs/reference/using-api/api-concepts/). Every kind
// that Traefik asks for is there, most of them without an object.
type cluster struct {
	server *httptest.Server

	mu       sync.Mutex
	version  int
	objects  map[string][]object // by the plural of their kind
	watchers map[chan event]string
}

type event struct {
	Type   string `json:"type"`
	Object object `json:"object"`
}

func newCluster(t *testing.T) *cluster {
	t.Helper()

	c := &cluster{version: 1, objects: map[string][]object{}, watchers: map[chan event]string{}}
	c.server = httptest.NewServer(c)
	t.Cleanup(func() {
		c.server.CloseClientConnections()
		c.server.Close()
	})

	return c
}

// set puts an object into the cluster, or in the place of the one of its name.
func (c *cluster) set(kind string, one object) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.version++
	meta := one["metadata"].(object)
	meta["resourceVersion"] = strconv.Itoa(c.version)
	meta["uid"] = fmt.Sprint(kind, "-", meta["name"])

	what := event{Type: "ADDED", Object: one}

	at := slices.IndexFunc(c.objects[kind], func(o object) bool { return dig(o, "metadata", "name") == meta["name"] })
	if at >= 0 {
		what.Type = "MODIFIED"
		c.objects[kind][at] = one
	} else {
		c.objects[kind] = append(c.objects[kind], one)
	}

	for watcher, of := range c.watchers {
		if of == kind {
			watcher <- what
		}
	}
}

// setService puts Open WebUI's service in, with the one endpoint at addr.
func (c *cluster) setService(t *testing.T, namespace, addr string) {
	t.Helper()

	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}

	port, err := strconv.Atoi(portText)
	if err != nil {
		t.Fatal(err)
	}

	c.set("services", object{"apiVersion": "v1", "kind": "Service",
		"metadata": object{"name": "open-webui", "namespace": namespace},
		"spec":     object{"type": "ClusterIP", "clusterIP": "10.0.0.1", "ports": []object{{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}}}})
	c.set("endpointslices", object{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
		"metadata":  object{"name": "open-webui-1", "namespace": namespace, "labels": object{"kubernetes.io/service-name": "open-webui"}},
		"ports":     []object{{"name": "http", "port": port, "protocol": "TCP"}},
		"endpoints": []object{{"addresses": []string{host}, "conditions": object{"ready": true}}}})
}

// ServeHTTP is for the cluster's own server.
func (c *cluster) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	kind := filepath.Base(req.URL.Path)
	rw.Header().Set("Content-Type", "application/json")

	c.mu.Lock()
	items := append([]object{}, c.objects[kind]...)
	version := strconv.Itoa(c.version)
	events := make(chan event, 100)
	query := req.URL.Query()

	if query.Get("watch") != "" {
		c.watchers[events] = kind
	}
	c.mu.Unlock()

	apiVersion := strings.TrimPrefix(strings.TrimPrefix(filepath.Dir(req.URL.Path), "/apis/"), "/api/")

	if query.Get("watch") == "" {
		_ = json.NewEncoder(rw).Encode(object{"kind": "List", "apiVersion": apiVersion, "metadata": object{"resourceVersion": version}, "items": items})
		return
	}

	defer func() {
		c.mu.Lock()
		delete(c.watchers, events)
		c.mu.Unlock()
	}()

	encoder := json.NewEncoder(rw)

	if query.Get("sendInitialEvents") == "true" {
		for _, item := range items {
			_ = encoder.Encode(event{Type: "ADDED", Object: item})
		}

		_ = encoder.Encode(event{Type: "BOOKMARK", Object: object{"kind": kindOf(kind), "apiVersion": apiVersion, "metadata": object{
			"resourceVersion": version, "annotations": object{"k8s.io/initial-events-end": "true"},
		}}})
	}

	for {
		_ = http.NewResponseController(rw).Flush()

		select {
		case what := <-events:
			_ = encoder.Encode(what)
		case <-req.Context().Done():
			return
		}
	}
}

// kindOf is the kind of a plural, with which a bookmark must come.
func kindOf(plural string) string {
	for _, kind := range []string{"IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "Middleware", "MiddlewareTCP", "ServersTransport", "ServersTransportTCP",
		"TLSOption", "TLSStore", "TraefikService", "Service", "Secret", "ConfigMap", "EndpointSlice", "Node"} {
		if strings.ToLower(kind)+"s" == plural {
			return kind
		}
	}

	return "Status"
}

// awaitClusterRouter waits for the one router that is the cluster's, whose name Traefik
// makes.
func awaitClusterRouter(t *testing.T, server *traefik.Server) string {
	t.Helper()

	var name string

	wait.Until(t, patience, func() error {
		text, err := server.API(t.Context(), "/api/http/routers")
		if err != nil {
			return err
		}

		var routers []struct{ Name, Provider string }
		if err := json.Unmarshal(text, &routers); err != nil {
			return err
		}

		for _, one := range routers {
			if one.Provider == "kubernetescrd" {
				name = one.Name
				return nil
			}
		}

		return errors.New("got: no router of the cluster")
	})

	return name
}

// traefikModule is the newest Traefik among Go's modules, which holds the
// definitions of its resources.
const traefikModule = "github.com/traefik/traefik/v3@v3.7.13"

// TestKubernetesManifests checks the manifests against Traefik's definitions of
// its resources, and refuses fields that these lack, as a cluster does.
func TestKubernetesManifests(t *testing.T) {
	definitions := definitions(t)

	tests := []struct {
		desc  string
		edit  func(text string) string
		wrong bool
	}{
		{desc: "as it is", edit: func(text string) string { return text }},
		{desc: "an unknown field", edit: func(text string) string { return replaced(t, text, "entryPoints:", "entrypoints:") }, wrong: true},
		{desc: "another type", edit: func(text string) string {
			return replaced(t, text, "      middlewares:", "      priority: high\n      middlewares:")
		}, wrong: true},
		{desc: "a field that must be there", edit: func(text string) string { return replaced(t, text, "      match: Host(`chat.example.org`)\n", "") }, wrong: true},
	}

	for _, test := range tests {
		t.Run(test.desc, func(t *testing.T) {
			var faults error

			for _, one := range manifests(t, test.edit(read(t, dirOf(t, "kubernetes"), "open-webui.yaml"))) {
				schema := definitions[fmt.Sprint(one["apiVersion"], " ", one["kind"])]
				if schema == nil {
					t.Fatalf("got: no definition of %v, want: one of Traefik's", one["kind"])
				}

				faults = errors.Join(faults, schema.Validate(plain(t, one)))
			}

			if (faults != nil) != test.wrong {
				t.Errorf("got: %v, want a fault: %v", faults, test.wrong)
			}
		})
	}
}

// definitions are the schemas of Traefik's resources, by apiVersion and kind.
func definitions(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", traefikModule)
	cmd.Dir = t.TempDir() // outside of any module

	out, err := cmd.Output()
	if err != nil {
		tools.Check(t, fmt.Errorf("%w: %s: %w", tools.ErrMissing, traefikModule, err))
	}

	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}

	text := read(t, module.Dir, "docs", "content", "reference", "dynamic-configuration", "kubernetes-crd-definition-v1.yml")
	schemas := map[string]*jsonschema.Schema{}

	for _, one := range manifests(t, text) {
		var definition struct {
			Spec struct {
				Group    string
				Names    struct{ Kind string }
				Versions []struct {
					Name   string
					Schema struct {
						OpenAPIV3Schema object `yaml:"openAPIV3Schema"`
					}
				}
			}
		}

		if err := yaml.Unmarshal([]byte(yamltree.Text(t, one)), &definition); err != nil {
			t.Fatal(err)
		}

		for _, version := range definition.Spec.Versions {
			name := definition.Spec.Group + "/" + version.Name + " " + definition.Spec.Names.Kind
			compiler := jsonschema.NewCompiler()

			refuseUnknown(version.Schema.OpenAPIV3Schema)

			if err := compiler.AddResource("schema.json", plain(t, version.Schema.OpenAPIV3Schema)); err != nil {
				t.Fatal(err)
			}

			schema, err := compiler.Compile("schema.json")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}

			schemas[name] = schema
		}
	}

	return schemas
}

// refuseUnknown makes a schema refuse the fields that it does not name, where a
// cluster would prune them or complain.
func refuseUnknown(schema object) {
	properties, _ := schema["properties"].(object)

	_, open := schema["additionalProperties"]
	if properties != nil && !open && schema["x-kubernetes-preserve-unknown-fields"] != true {
		schema["additionalProperties"] = false
	}

	for _, one := range properties {
		if below, ok := one.(object); ok {
			refuseUnknown(below)
		}
	}

	for _, key := range []string{"items", "additionalProperties"} {
		if below, ok := schema[key].(object); ok {
			refuseUnknown(below)
		}
	}
}

// plain is a value as JSON has it.
func plain(t *testing.T, value any) any {
	t.Helper()

	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}

	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}

	return out
}
