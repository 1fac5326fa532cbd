package examples

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// playDocker answers as Docker's API does for the containers of a project, so
// far as Traefik asks (https://docs.docker.com/reference/api/engine/). Each
// container's port, exposed or from its labels, leads to the address. It returns the endpoint.
// In labels each old text is replaced by the new one behind it.
func playDocker(t *testing.T, p *types.Project, addr string, oldNew ...string) string {
	t.Helper()

	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}

	replace := strings.NewReplacer(oldNew...)
	list, containers := []object{}, map[string]object{}

	for name, service := range p.Services {
		ports := object{}
		for _, exposed := range service.Expose {
			ports[exposed+"/tcp"] = []object{{"HostIp": host, "HostPort": port}}
		}

		labels := map[string]string{"com.docker.compose.project": p.Name, "com.docker.compose.service": name}

		for key, value := range service.Labels {
			labels[key] = replace.Replace(value)

			if strings.HasSuffix(strings.ToLower(key), ".loadbalancer.server.port") {
				ports[value+"/tcp"] = []object{{"HostIp": host, "HostPort": port}}
			}
		}

		id := fmt.Sprintf("%064x", len(containers)+1)
		list = append(list, object{"Id": id})
		containers[id] = object{
			"Id":              id,
			"Name":            fmt.Sprintf("/%s-%s-1", p.Name, name),
			"State":           object{"Status": "running", "Running": true},
			"HostConfig":      object{"NetworkMode": p.Name + "_default"},
			"Config":          object{"Labels": labels},
			"NetworkSettings": object{"Ports": ports, "Networks": object{}},
		}
	}

	const version = "1.51"

	path := regexp.MustCompile(`^(?:/v[0-9.]+)?/(_ping|version|events|containers/json|containers/([0-9a-f]+)/json)$`)

	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		rw.Header().Set("Api-Version", version)
		rw.Header().Set("Content-Type", "application/json")

		match := path.FindStringSubmatch(req.URL.Path)

		switch {
		case match == nil:
			http.Error(rw, `{"message":"page not found"}`, http.StatusNotFound)
		case match[1] == "_ping":
			_, _ = rw.Write([]byte("OK"))
		case match[1] == "version":
			_ = json.NewEncoder(rw).Encode(object{"Version": "28.0.0", "ApiVersion": version, "MinAPIVersion": "1.24"})
		case match[1] == "containers/json":
			_ = json.NewEncoder(rw).Encode(list)
		case match[1] == "events": // nothing ever happens
			_ = http.NewResponseController(rw).Flush()
			<-req.Context().Done()
		default:
			_ = json.NewEncoder(rw).Encode(containers[match[2]])
		}
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})

	return "tcp://" + server.Listener.Addr().String()
}
