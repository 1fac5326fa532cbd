// Package scenario holds the tests that show the plugin at work in a real
// Traefik: what a client, an administrator and a receiver see of it.
//
// Most scenarios share one Traefik. Each brings its own file of dynamic
// configuration, with hosts of its own, so that they do not meet.
package scenario
