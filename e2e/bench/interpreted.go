package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/traefik-openwebui/signupwebhook"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/interp"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/plugincopy"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/tools"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

// interpreted compares the middleware alone, without Traefik and without a
// network, compiled and as Traefik interprets it.
func interpreted(ctx context.Context, p plan, out io.Writer) error {
	standIn, err := webui.StandIn()
	if err != nil {
		return err
	}

	// While a receiver hangs, nothing is delivered beside what is measured.
	notices := openInbox(true)
	defer notices.close()

	gopath, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(gopath) }()

	if _, err := plugincopy.Repository(gopath); err != nil {
		return err
	}

	plugin, err := interp.Load(gopath, tools.Module, io.Discard, os.Stderr)
	if err != nil {
		return err
	}

	inYaegi, err := plugin.New(ctx, standIn, map[string]any{"webhookURL": notices.URL}, "interpreted")
	if err != nil {
		return err
	}

	o := signupwebhook.CreateConfig()
	o.WebhookURL = notices.URL

	compiled, err := signupwebhook.New(ctx, standIn, o, "compiled")
	if err != nil {
		return err
	}

	_, _ = fmt.Fprintln(out, "\n### The middleware alone, compiled and interpreted")
	_, _ = fmt.Fprintln(out, "\nThe time of one call, the stand-in's answer included, without Traefik and without a network in front.")
	_, _ = fmt.Fprintln(out, "\n| | compiled, µs | interpreted | ratio |\n|---|---|---|---|")

	const calls = 80 // in all rounds less than what waits in memory

	for _, k := range []kind{page, signUp} {
		var times [2][]time.Duration

		for round := range p.rounds + 1 {
			for at, handler := range []http.Handler{compiled, inYaegi} {
				took := callMany(handler, k, calls)
				if round > 0 {
					times[at] = append(times[at], took)
				}
			}
		}

		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s |\n", k.name, micros(spreadOf(times[0])), micros(spreadOf(times[1])), ratio(ratios(times[1], times[0])))
	}

	return nil
}

func callMany(handler http.Handler, k kind, count int) time.Duration {
	begin := time.Now()

	for range count {
		req := httptest.NewRequest(k.method, k.path, bytes.NewReader(k.body()))
		req.Header.Set("Content-Type", k.contentType)
		handler.ServeHTTP(httptest.NewRecorder(), req)
	}

	return time.Since(begin) / time.Duration(count)
}
