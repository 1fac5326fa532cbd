// Package delivery holds the tests of the way from a real Traefik to the
// receiver: what is signed and how, which certificates and proxies count, that
// a notice keeps its id, and what the log tells an administrator when the way
// is blocked.
package delivery
