// Package interpreted runs the plugin's own tests a second time, as Traefik
// runs the plugin: in Yaegi, and here in one that was built with -race, so
// that it reports the races inside the interpreter too.
package interpreted
