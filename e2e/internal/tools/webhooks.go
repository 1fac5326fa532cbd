package tools

import (
	"context"
	"fmt"
	"path/filepath"
)

const standardWebhooksVersion = "1.1.0"

// StandardWebhooks is the path of a Python that can import standardwebhooks,
// the official library of Standard Webhooks, installed into .tools/ where it is
// not there yet.
func StandardWebhooks(ctx context.Context) (string, error) {
	dir, err := install(ctx, "standardwebhooks-"+standardWebhooksVersion, func(dir string) error {
		return buildStandardWebhooks(ctx, dir)
	})
	if err != nil {
		return "", fmt.Errorf("standardwebhooks %s: %w", standardWebhooksVersion, err)
	}

	return filepath.Join(dir, "venv", binDir(), program("python")), nil
}

func buildStandardWebhooks(ctx context.Context, dir string) error {
	python, err := pythonWithPip(ctx)
	if err != nil {
		return err
	}

	uv, err := uv(ctx)
	if err != nil {
		return err
	}

	venv := filepath.Join(dir, "venv")
	if _, err := run(ctx, dir, nil, uv, "venv", "--quiet", "--python", python, venv); err != nil {
		return err
	}

	_, err = run(ctx, dir, []string{"VIRTUAL_ENV=" + venv},
		uv, "pip", "install", "--quiet", "standardwebhooks=="+standardWebhooksVersion)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}

	return nil
}
