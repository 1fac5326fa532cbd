// Package catalog repeats, on this repository, what Traefik's plugin catalog
// asks of a plugin before it is listed.
//
// The checks are those of the catalog's own program,
// https://github.com/traefik/piceus. What it asks of GitHub (the topic
// traefik-plugin, the language, open issues, tags) is not to be seen here.
package catalog
