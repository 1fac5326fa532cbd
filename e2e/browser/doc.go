// Package browser holds the tests that do what a person does: they open a real
// Open WebUI in a real browser, through a real Traefik with the plugin, sign
// up, chat, and look at what the receiver got.
//
// All of them share one Open WebUI, which takes its time to start, but for what
// happens while one starts, ends, or asks for a second factor.
package browser
