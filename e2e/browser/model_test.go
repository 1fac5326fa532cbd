package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
)

const modelName = "parrot"

// model stands in for a language model, by the interface of OpenAI's that Open
// WebUI asks for. It says a word when a test has it say one, and nothing else.
type model struct {
	server *httptest.Server
	words  chan string
}

func newModel() *model {
	m := &model{words: make(chan string)}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(rw http.ResponseWriter, _ *http.Request) {
		writeJSON(rw, map[string]any{"object": "list", "data": []any{map[string]any{"id": modelName, "object": "model", "owned_by": "tests"}}})
	})
	mux.HandleFunc("POST /v1/chat/completions", m.chat)

	m.server = httptest.NewServer(mux)

	return m
}

func (m *model) url() string { return m.server.URL + "/v1" }

func (m *model) close() {
	m.server.CloseClientConnections()
	m.server.Close()
}

// say has the model write one piece of its answer; "" is the end. It waits for
// an answer to be under way.
func (m *model) say(ctx context.Context, word string) error {
	select {
	case m.words <- word:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("nobody asks the model: %w", ctx.Err())
	}
}

func (m *model) chat(rw http.ResponseWriter, req *http.Request) {
	var asked struct {
		Stream bool `json:"stream"`
	}

	if err := json.NewDecoder(req.Body).Decode(&asked); err != nil || !asked.Stream {
		http.Error(rw, "only streams here", http.StatusBadRequest)
		return
	}

	rw.Header().Set("Content-Type", "text/event-stream")
	rw.WriteHeader(http.StatusOK)

	flush := http.NewResponseController(rw)
	_ = flush.Flush()

	for {
		select {
		case word := <-m.words:
			if word == "" {
				_, _ = fmt.Fprintf(rw, "data: %s\n\ndata: [DONE]\n\n", piece(map[string]any{}, "stop"))
				return
			}

			_, _ = fmt.Fprintf(rw, "data: %s\n\n", piece(map[string]any{"role": "assistant", "content": word}, nil))
			_ = flush.Flush()
		case <-req.Context().Done():
			return
		}
	}
}

func piece(delta map[string]any, reason any) []byte {
	text, err := json.Marshal(map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1767225600, "model": modelName,
		"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": reason}},
	})
	if err != nil {
		panic(err) // of maps and strings: cannot fail
	}

	return text
}

func writeJSON(rw http.ResponseWriter, value any) {
	rw.Header().Set("Content-Type", "application/json")

	_ = json.NewEncoder(rw).Encode(value)
}
