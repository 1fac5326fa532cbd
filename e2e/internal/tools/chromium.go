package tools

import (
	"context"
	"os/exec"
)

// chromiums are the names and places of Chromium and its kin.
var chromiums = []string{
	"chromium",
	"chromium-browser",
	"google-chrome",
	"google-chrome-stable",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// Chromium is the path of a Chromium or a Chrome, installed like any program of
// Debian's where there is none yet.
func Chromium(ctx context.Context) (string, error) {
	for _, name := range chromiums {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}

	return Debian(ctx, chromiums[0], "chromium")
}
