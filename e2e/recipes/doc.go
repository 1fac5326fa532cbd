// Package recipes reads docs/recipes.md, so that tests run what stands there.
//
// Its own test puts every recipe, letter by letter, into a real Traefik whose
// way to the outside is a proxy that answers for every host of the page.
package recipes
