// Package readme holds the tests of what people read: README.md and
// README.de.md say the same, what they name is what the code has, what they
// have people type works, and no link of any page leads nowhere. A real
// Traefik loads their configurations, and sign-ups go through it.
package readme
