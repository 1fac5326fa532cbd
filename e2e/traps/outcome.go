package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// What each program's main package prints.
const (
	loadedLine = "loaded"
	resultLine = "result "
)

// outcome is what came of one run.
type outcome struct {
	loaded bool
	ended  bool // with a result
	result string
	hung   bool // and was stopped
	raced  bool
	output string // all of it, for whoever looks for the reason
}

// run starts a command, stops it after limit, and reads its output.
func run(ctx context.Context, limit time.Duration, env []string, program string, args ...string) outcome {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	var out bytes.Buffer

	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout = &out
	cmd.Stderr = &out
	cmd.WaitDelay = time.Second

	err := cmd.Run()

	o := outcome{output: out.String(), hung: errors.Is(ctx.Err(), context.DeadlineExceeded)}
	if err != nil {
		o.output += "\n" + err.Error()
	}

	o.raced = strings.Contains(o.output, "WARNING: DATA RACE")

	for _, line := range strings.Split(o.output, "\n") {
		if line == loadedLine {
			o.loaded = true
		}

		quoted, found := strings.CutPrefix(line, resultLine)
		if !found {
			continue
		}

		if text, err := strconv.Unquote(quoted); err == nil {
			o.result = text
			o.ended = true
		}
	}

	return o
}

// describe says in a word or two what an outcome is.
func (o outcome) describe() string {
	switch {
	case o.hung:
		return "it hangs"
	case o.ended:
		return strconv.Quote(o.result)
	case o.loaded:
		return "it panics"
	default:
		return "it does not load"
	}
}

// last is the end of the output, for a failure's message.
func (o outcome) last() string {
	const most = 600

	text := strings.TrimSpace(o.output)
	if len(text) > most {
		text = text[:most] + " …"
	}

	return text
}
