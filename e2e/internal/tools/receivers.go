package tools

import (
	"context"
	"path/filepath"
)

// NodeREDVersion is the newest major release that Node.js 20 runs.
const NodeREDVersion = "4"

// RabbitMQ is the folder with Debian's RabbitMQ: rabbitmq-server and its
// helpers, which run as whoever calls them. (The wrappers of the same names on
// PATH want to be the system's own broker.)
func RabbitMQ(ctx context.Context) (string, error) {
	path, err := Debian(ctx, "/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")

	return filepath.Dir(path), err
}

// Webhook is the path of adnanh's webhook, from Debian.
func Webhook(ctx context.Context) (string, error) {
	return Debian(ctx, "webhook", "webhook")
}

// NodeRED is the path of Node-RED's start script, to be run by node; it is
// installed into .tools/ where it is not there yet.
func NodeRED(ctx context.Context) (string, error) {
	modules, err := NPM(ctx, "node-red-"+NodeREDVersion, "node-red@"+NodeREDVersion)
	if err != nil {
		return "", err
	}

	return filepath.Join(modules, "node-red", "red.js"), nil
}
