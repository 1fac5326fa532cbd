// Package e2e holds what needs more than the plugin may require: an
// interpreter, a real Traefik, a real Open WebUI, and the tests on them.
package e2e
