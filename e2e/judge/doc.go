// Package judge proves that the interpreter computes what the compiler
// computes.
//
// Its tests are compiled. They load the plugin into an embedded Yaegi by the
// steps that Traefik takes, drive it and each of its packages from many
// goroutines, and compare every answer with that of the same source compiled.
// Under `go test -race` the interpreter itself is race-checked, and any race
// in it fails the test.
//
// testdata/bridge is laid over a copy of the plugin: a function Judge in each
// package reaches what is unexported, with strings alone for arguments and
// results, and the program judged answers the same questions compiled.
//
// JUDGE_TIMES=20 multiplies how much is asked; what is asked is the same at
// every run.
package judge
