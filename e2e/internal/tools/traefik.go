package tools

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

// TraefikVersion is the release that everything is tested with first.
const TraefikVersion = "3.7.15"

// Traefik is the path of a Traefik. For TraefikVersion, or "", that is the
// one named by TRAEFIK_BIN, else a 3.x on PATH, else one fetched; any other
// version is fetched as it was asked for.
func Traefik(ctx context.Context, version string) (string, error) {
	if version == "" || version == TraefikVersion {
		version = TraefikVersion

		path, err := traefikAtHand(ctx)
		if path != "" || err != nil {
			return path, err
		}
	}

	name := program("traefik")

	dir, err := install(ctx, "traefik-"+version, func(dir string) error {
		python, err := pythonWithPip(ctx)
		if err != nil {
			return fmt.Errorf("%w; or set TRAEFIK_BIN to a Traefik %s", err, version)
		}

		return fetchScript(ctx, python, "traefik-bin=="+version, name, dir)
	})
	if err != nil {
		return "", fmt.Errorf("Traefik %s: %w", version, err)
	}

	return filepath.Join(dir, name), nil
}

func traefikAtHand(ctx context.Context) (string, error) {
	if path := os.Getenv("TRAEFIK_BIN"); path != "" {
		if _, err := TraefikVersionOf(ctx, path); err != nil {
			return "", fmt.Errorf("TRAEFIK_BIN: %w", err)
		}

		return filepath.Abs(path)
	}

	path, err := exec.LookPath("traefik")
	if err != nil {
		return "", nil
	}

	// Another program of that name, or a Traefik 2, is no reason to stop.
	version, err := TraefikVersionOf(ctx, path)
	if err != nil || version[0] != '3' {
		return "", nil
	}

	return filepath.Abs(path)
}

var versionLine = regexp.MustCompile(`(?m)^Version:\s+v?(\d+\.\d+\.\d+)`)

// TraefikVersionOf asks a Traefik for its version, such as "3.7.15".
func TraefikVersionOf(ctx context.Context, path string) (string, error) {
	out, err := run(ctx, "", nil, path, "version")
	if err != nil {
		return "", err
	}

	match := versionLine.FindStringSubmatch(out)
	if match == nil {
		return "", fmt.Errorf("%s is no released Traefik: `version` says %q", path, tail(out, 100))
	}

	return match[1], nil
}
