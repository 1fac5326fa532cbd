// Package readme holds the tests of what people read: README.md and the pages
// of docs/ that have a German twin say the same as that, what they name is what
// the code has, what they have people type works, and no link of any page leads
// nowhere. A real Traefik loads their configurations, and sign-ups go through
// it. The picture of the packages, docs/structure.svg, is drawn here.
package readme
