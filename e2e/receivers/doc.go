// Package receivers proves that every format fits its receiver, and that no
// name does harm there.
//
// Its tests run the plugin's own encoding, compiled, against the doubles of
// the services: each format against each service, so that a wrong pairing is
// seen to fail as it does in life; and what strangers may call themselves
// against the parsers of the services, or libraries that are kept for their
// syntax, which must find nothing but the text. TestTraefik sends through a
// real Traefik, where the plugin is interpreted.
//
// The parsers are Node.js packages, which testdata/oracle.js asks.
package receivers
