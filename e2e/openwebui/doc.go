// Package openwebui signs people up to a real Open WebUI through a real Traefik
// in every way that there is, and lets Open WebUI's own list of its users judge
// whether each account was announced, once and by its name, and nothing else.
//
// An Attempt is a row of a table: where it goes in, how it is written, and when
// its client leaves. What is expected of Open WebUI stands in the row, and may
// be left open; what is expected of the plugin follows from the list.
//
// Package pathfuzz tries thousands of paths on Open WebUI's router alone; here
// is the whole server, and each attempt costs the hash of a password.
package openwebui
