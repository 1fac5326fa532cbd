package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestConfigurations(t *testing.T) {
	tests := []struct {
		desc       string
		file       string
		content    string
		middleware string
		args       []string
		want       []string
	}{
		{
			desc: "YAML", file: "dynamic.yml", middleware: "notify@file",
			content: `
http:
  middlewares:
    auth:
      basicAuth: {users: ["a:hidden"]}
    other:
      plugin: {rewrite: {x: 1}}
    notify:
      plugin:
        any-alias:
          WebhookUrl: https://discord.com/api/webhooks/1/hidden
          message: |
            Hello, {name}
          headers: {X-Number: 17, X-Flag: true}
`,
			want: []string{"options   middleware notify in dynamic.yml, plugin any-alias", "receiver  discord", "X-Number: (not shown)", "X-Flag: (not shown)", `Hello, Tim\n`},
		},
		{
			desc: "TOML", file: "dynamic.toml",
			content: `
[http.middlewares.notify.plugin.signupwebhook]
  webhookURL = "https://hooks.slack.com/services/hidden"
  message = "a, b: {name}"
[http.middlewares.notify.plugin.signupwebhook.headers]
  Authorization = "hidden"
`,
			want: []string{"receiver  slack", "Authorization: (not shown)", "a, b: Tim"},
		},
		{
			desc: "flags go before the file", file: "dynamic.yaml",
			content: `http: {middlewares: {notify: {plugin: {x: {webhookURLFile: /run/none, body: "{}", headers: {x-key: hidden}, secret: hidden}}}}}`,
			args:    []string{"-url", "https://b.example/hidden", "-format", "text", "-header", "X-KEY: b", "-secret-file", "SECRET", "-message", "short {name}"},
			want:    []string{"POST https://b.example", "text, by the option format", "X-Key: (not shown)", "Webhook-Signature: (not shown)", "body      short Tim"},
		},
		{
			desc: "unknown keys", file: "dynamic.yml",
			content: `http: {middlewares: {notify: {plugin: {x: {webhookURL: "https://a.example/hidden", massage: hidden, other: hidden}}}}}`,
			want:    []string{`"massage" (did you mean message?)`, `"other"`, "the plugin ignores it"},
		},
		{
			desc: "a template", file: "dynamic.yml",
			content: `http:
  middlewares:
{{ range $i := until 2 }}
    notify-{{ $i }}:
      plugin: {x: {webhookURL: "https://a.example/hidden", message: {{ printf "no %d" $i | quote }}}}
{{ end }}`,
			middleware: "notify-1",
			want:       []string{"middleware notify-1", "body      no 1"},
		},
		{
			desc: "weak types, as Traefik has them", file: "dynamic.yml",
			content: `http: {middlewares: {notify: {plugin: {x: {webhookURL: "https://a.example/hidden", message: 17}}}}}`,
			want:    []string{"body      17"},
		},
		{
			desc: "labels as a list", file: "compose.yml",
			content: `
services:
  web:
    image: x
    labels:
      - traefik.enable=true
      - traefik.http.routers.web.middlewares=notify
      - traefik.http.middlewares.notify.plugin.signupwebhook.webhookURL=https://a.example/hidden?a=b
      - traefik.http.middlewares.notify.plugin.signupwebhook.message=costs $$1, {name}
      - traefik.http.middlewares.notify.plugin.signupwebhook.headers.X-Key=hidden
`,
			middleware: "notify@docker",
			want:       []string{"compose.yml, service web", "body      costs $1, Tim", "X-Key: (not shown)"},
		},
		{
			desc: "labels as a map, of a swarm", file: "compose.yml",
			content: `
services:
  web:
    deploy:
      labels:
        traefik.http.middlewares.notify.plugin.signupwebhook.webhookURL: https://a.example/hidden
`,
			want: []string{"service web (deploy)", "POST https://a.example"},
		},
		{
			desc: "Kubernetes", file: "manifest.yaml",
			content: `
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: notify, namespace: chat}
spec:
  plugin:
    signupwebhook: {webhookURL: https://a.example/hidden, message: 1.5}
`,
			middleware: "chat-notify@kubernetescrd",
			want:       []string{"middleware notify in manifest.yaml", "body      1.5"},
		},
		{
			desc: "a list of manifests, as kubectl prints it",
			file: "list.yaml",
			content: `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: web}}
- apiVersion: traefik.io/v1alpha1
  kind: Middleware
  metadata: {name: notify, namespace: chat}
  spec:
    plugin:
      signupwebhook: {webhookURL: https://a.example/hidden, message: from a list}
- {apiVersion: v1, kind: List, items: [{kind: Middleware, metadata: {name: other}, spec: {plugin: {x: {}}}}]}
`,
			middleware: "chat-notify@kubernetescrd",
			want:       []string{"middleware notify in list.yaml", "body      from a list"},
		},
		{
			desc: "a list of middlewares, in the kind of its own",
			file: "list.yaml",
			content: `
kind: MiddlewareList
items:
- {kind: Middleware, metadata: {name: notify}, spec: {plugin: {signupwebhook: {webhookURL: https://a.example/hidden, message: its own}}}}
`,
			want: []string{"middleware notify in list.yaml", "body      its own"},
		},
	}
	for _, test := range tests {
		dir := t.TempDir()
		path := filepath.Join(dir, test.file)
		write(t, path, test.content)
		secret := filepath.Join(dir, "secret")
		write(t, secret, signingSecret)
		args := []string{"-config", path, "-dry-run"}
		if test.middleware != "" {
			args = append(args, "-middleware", test.middleware)
		}
		for _, arg := range test.args {
			args = append(args, strings.Replace(arg, "SECRET", secret, 1))
		}
		status, printed := notify(t, nil, args...)
		if status != 0 {
			t.Errorf("%s: got: %d, want: 0: %s", test.desc, status, printed)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
}

func TestBadConfigurations(t *testing.T) {
	const two = `http: {middlewares: {b: {plugin: {x: {}}}, a: {plugin: {x: {}}}, auth: {basicAuth: {users: ["a:hidden"]}}}}`
	tests := []struct {
		desc       string
		file       string
		content    string
		middleware string
		want       []string
	}{
		{desc: "no such middleware", content: two, middleware: "notify@file", want: []string{"no middleware notify is there that is a plugin; there are a, b"}},
		{desc: "one that is no plugin", content: two, middleware: "auth", want: []string{"no middleware auth is there that is a plugin; there are a, b"}},
		{desc: "which one", content: two, want: []string{"-middleware must say which one is meant; there are a, b"}},
		{desc: "none", content: `http: {routers: {}}`, want: []string{"there is none that is a plugin"}},
		{desc: "empty", content: "", want: []string{"there is none that is a plugin"}},
		{desc: "two plugins", content: `http: {middlewares: {a: {plugin: {x: {}, y: {}}}}}`, want: []string{"has 2 plugins (x, y)"}},
		{desc: "no URL", content: `http: {middlewares: {a: {plugin: {x: {}}}}}`, want: []string{"there is no webhook URL"}},
		{desc: "a plugin without a map", content: `http: {middlewares: {a: {plugin: hidden}}}`, want: []string{"it is not what Traefik reads"}},
		{desc: "a list for a text", content: `http: {middlewares: {a: {plugin: {x: {webhookURL: [hidden, hidden], headers: {X-A: [hidden]}}}}}}`, want: []string{"each of headers must be one text", "webhookURL must be one text"}},
		{desc: "a text for a map", content: `http: {middlewares: {a: {plugin: {x: {headers: hidden}}}}}`, want: []string{"headers must be a map of texts"}},
		{desc: "wrong values", content: `http: {middlewares: {a: {plugin: {x: {webhookURL: hidden, timeout: 5}}}}}`, want: []string{"webhookURL: it does not begin", `timeout: "5" is no duration`}},
		{desc: "no YAML", content: "http: [\n\"hidden", want: []string{"no well-formed YAML: yaml: line 2"}},
		{desc: "a text alone", content: "hidden hidden", want: []string{"no well-formed YAML"}},
		{desc: "no TOML", file: "a.toml", content: "[http]\nx = hidden\n", want: []string{"line 2 is no well-formed TOML"}},
		{desc: "no template", content: `http: {x: "{{ hidden }}"}`, want: []string{"takes {{…}} for a template", "function … not defined"}},
		{desc: "a template that fails", content: "\n{{ fail \"hidden\" }}", want: []string{"cannot be evaluated in line 2"}},
		{desc: "another kind of file", file: "a.json", content: "{}", want: []string{"ends neither in .yml, .yaml nor .toml"}},
		{desc: "a secret in a file", content: `http: {middlewares: {a: {plugin: {x: {webhookURL: "urn:k8s:secret:s:url"}}}}}`, want: []string{"webhookURL: Traefik replaces urn:k8s:secret:… in Kubernetes manifests alone"}},
		{
			desc:    "secrets in a manifest",
			content: "kind: Middleware\nmetadata: {name: a}\nspec: {plugin: {x: {webhookURL: 'urn:k8s:secret:hooks:tls.url', headers: {Authorization: 'urn:k8s:secret:hooks:auth'}, secret: 'urn:k8s:secret:broken'}}}",
			want: []string{
				`webhookURL: its value stands in the Kubernetes secret hooks under tls.url`, `kubectl -n default get secret hooks -o jsonpath='{.data.tls\.url}'`, "-url-file FILE",
				"headers.Authorization: its value stands", `-header "Name: value"`,
				"secret: this is no urn:k8s:secret:NAME:KEY",
			},
		},
		{desc: "a Middleware of another shape", content: "kind: Middleware\nspec: [hidden]\n", want: []string{"not the shape of one"}},
		{desc: "a variable of Compose", content: `services: {web: {labels: {traefik.http.middlewares.a.plugin.x.webhookURL: "${hidden}"}}}`, want: []string{"webhookURL holds a $, which Compose evaluates"}},
		{desc: "a label that lacks its quotes", content: "labels:\n  - traefik.http.middlewares.a.plugin.x.message=new: {hidden}\n", want: []string{"put the whole label into quotes"}},
		{desc: "two services, one name", content: `services: {a: {labels: {traefik.http.middlewares.n.plugin.x.message: a}}, b: {labels: {traefik.http.middlewares.n.plugin.x.message: b}}}`, middleware: "n", want: []string{"the middleware n stands there 2 times"}},
	}
	for _, test := range tests {
		file := test.file
		if file == "" {
			file = "dynamic.yml"
		}
		path := filepath.Join(t.TempDir(), file)
		write(t, path, test.content)
		args := []string{"-config", path}
		if test.middleware != "" {
			args = append(args, "-middleware", test.middleware)
		}
		status, printed := notify(t, nil, args...)
		if status != 2 {
			t.Errorf("%s: got: %d, want: 2: %s", test.desc, status, printed)
		}
		wantIn(t, test.desc, printed, test.want...)
	}
}

// fence is a block of code in README.
var fence = regexp.MustCompile("(?ms)^( *)```(yaml|toml)\n(.*?)^ *```$")

// TestReadme takes each example that has the plugin as a configuration.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, block := range fence.FindAllStringSubmatch(string(readme), -1) {
		content := regexp.MustCompile("(?m)^"+block[1]).ReplaceAllString(block[3], "")
		if !regexp.MustCompile(`plugin[.:\]]`).MatchString(content) || !strings.Contains(content, "middlewares.") && !strings.Contains(content, "middlewares:") && !strings.Contains(content, "Middleware") {
			continue
		}
		path := filepath.Join(t.TempDir(), "dynamic."+block[2])
		write(t, path, content)
		desc := fmt.Sprintf("%.60q", content)
		there, err := middlewaresOf(path, content)
		if err != nil || len(there) == 0 {
			t.Errorf("%s: got: %d middlewares, %v", desc, len(there), err)
		}
		kinds[strings.Fields(content)[0]]++
		for _, middleware := range there {
			status, printed := notify(t, nil, "-config", path, "-middleware", middleware.name, "-url", "https://a.example/hidden", "-dry-run")
			if status != 0 {
				t.Errorf("%s: got: %d, want: 0: %s", desc, status, printed)
			}
			wantIn(t, desc, printed, "middleware "+middleware.name+" in", "plugin signupwebhook", "Tim")
			if strings.Contains(printed, "no option has the name") {
				t.Errorf("%s: got: %s", desc, printed)
			}
		}
	}
	for _, kind := range []string{"http:", "[http.routers.open-webui]", "labels:", "apiVersion:"} {
		if kinds[kind] == 0 {
			t.Errorf("got: no example that begins with %s in %v", kind, kinds)
		}
	}
}

// TestAsTraefik compares with what Traefik 3.7.15 and 3.0.4 make of the same
// files; the JSON is what both show at /api/http/middlewares.
func TestAsTraefik(t *testing.T) {
	recorded, err := os.ReadFile("testdata/traefik.json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]interface{}{}
	err = json.Unmarshal(recorded, &want)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"traefik.yml", "traefik.toml"} {
		read, err := readConfig(filepath.Join("testdata", name), "notify@file")
		if err != nil {
			t.Fatal(err)
		}
		// The types of numbers are not Traefik's to show in JSON.
		data, err := json.Marshal(read.values)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]interface{}{}
		err = json.Unmarshal(data, &got)
		if err != nil {
			t.Fatal(err)
		}
		if len(want[name]) == 0 || !reflect.DeepEqual(got, want[name]) {
			t.Errorf("%s: got: %v, want: %v", name, got, want[name])
		}
	}
}
