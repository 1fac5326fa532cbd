// Package identity runs the servers that vouch for people who come to an Open
// WebUI by other ways than its own sign-up: a directory that speaks LDAP, and
// an OpenID provider.
package identity

import "strings"

// Domain is where everybody has an e-mail address.
const Domain = "example.org"

// Password is what everybody has in the directory. It is none.
const Password = "not-a-real-password"

// NameOf is the name of the person with that login: anna.maria is Anna Maria.
func NameOf(login string) string {
	words := strings.Split(login, ".")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:min(1, len(word))]) + word[min(1, len(word)):]
	}

	return strings.Join(words, " ")
}

// EmailOf is the address of the person with that login.
func EmailOf(login string) string { return login + "@" + Domain }
