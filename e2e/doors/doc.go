// Package doors holds the tests of every way by which people come into an Open
// WebUI: the sign-up page, an administrator, an imported list, SCIM, LDAP, an
// OpenID provider in a real browser, a trusted header, a second factor. They
// run on a real Open WebUI behind a real Traefik, and Open WebUI's own webhook
// is the judge of who has come.
//
// What an account's notice costs, and what a folder that fails does, is tried
// with a stand-in that answers what was recorded.
package doors
