// Package interp loads a plugin into an embedded Yaegi by the steps that
// Traefik takes, so that a compiled test can drive it.
package interp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"reflect"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// Plugin is a plugin that was loaded.
type Plugin struct {
	create reflect.Value
	build  reflect.Value
}

// Open gives an interpreter as Traefik sets it up: the standard library alone,
// neither unsafe nor syscall, and the environment of this moment. What the
// plugin prints goes to stdout, what it logs to stderr.
func Open(gopath string, stdout, stderr io.Writer) (*interp.Interpreter, error) {
	interpreter := interp.New(interp.Options{
		GoPath: gopath,
		Env:    os.Environ(),
		Stdout: stdout,
		Stderr: stderr,
	})

	if err := interpreter.Use(stdlib.Symbols); err != nil {
		return nil, fmt.Errorf("the standard library does not load: %w", err)
	}

	return interpreter, nil
}

// Load interprets the plugin of that module path in gopath/src.
func Load(gopath, module string, stdout, stderr io.Writer) (*Plugin, error) {
	interpreter, err := Open(gopath, stdout, stderr)
	if err != nil {
		return nil, err
	}

	if err := Import(interpreter, module); err != nil {
		return nil, err
	}

	// Traefik takes the last word of the path for the package's name.
	name := strings.ReplaceAll(path.Base(module), "-", "_")

	build, err := interpreter.Eval(name + ".New")
	if err != nil {
		return nil, fmt.Errorf("%s has no New: %w", module, err)
	}

	create, err := interpreter.Eval(name + ".CreateConfig")
	if err != nil {
		return nil, fmt.Errorf("%s has no CreateConfig: %w", module, err)
	}

	return &Plugin{create: create, build: build}, nil
}

// Import interprets one package. An error names it.
func Import(interpreter *interp.Interpreter, pkg string) error {
	_, err := interpreter.Eval(fmt.Sprintf("import %q", pkg))
	if err != nil {
		return fmt.Errorf("package %s does not load in the interpreter: %w", pkg, err)
	}

	return nil
}

// New makes a middleware from options as they stand in a dynamic
// configuration.
func (p *Plugin) New(ctx context.Context, next http.Handler, options map[string]any, name string) (http.Handler, error) {
	created := p.create.Call(nil)
	if len(created) != 1 {
		return nil, fmt.Errorf("CreateConfig gives %d results, not one", len(created))
	}

	config := created[0]

	if err := Decode(options, config.Interface()); err != nil {
		return nil, err
	}

	results := p.build.Call([]reflect.Value{
		reflect.ValueOf(ctx), reflect.ValueOf(next), config, reflect.ValueOf(name),
	})
	if len(results) != 2 {
		return nil, fmt.Errorf("New gives %d results, not two", len(results))
	}

	if problem := results[1].Interface(); problem != nil {
		err, ok := problem.(error)
		if !ok {
			return nil, fmt.Errorf("New gives an error of the type %T", problem)
		}

		return nil, err
	}

	handler, ok := results[0].Interface().(http.Handler)
	if !ok {
		return nil, errors.New("New gives no handler")
	}

	return handler, nil
}

// Decode puts options into a plugin's Config, as weakly as Traefik does.
func Decode(options map[string]any, config any) error {
	if len(options) == 0 {
		return nil
	}

	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		DecodeHook:       mapstructure.StringToSliceHookFunc(","),
		WeaklyTypedInput: true,
		Result:           config,
	})
	if err != nil {
		return err
	}

	return decoder.Decode(options)
}
