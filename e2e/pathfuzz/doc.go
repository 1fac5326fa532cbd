// Package pathfuzz holds the test that no spelling of a path makes an account
// unnoticed: whatever request line reaches an endpoint of the application, the
// plugin must take it for that endpoint too.
//
// The same request lines, byte for byte, go to an application on the server
// and the router of an installed Open WebUI, to Go's own server with the
// plugin compiled and a proxy behind it, and, fewer of them, through Traefik
// with the plugin. First comes every spelling of a list, then random ones,
// equal for equal numbers.
//
//	go test ./pathfuzz                                     some thousands
//	PATHFUZZ_REQUESTS=1000000 go test -timeout 60m ./pathfuzz
//	TRAEFIK_BIN=… go test ./pathfuzz                       on another Traefik 3
package pathfuzz
