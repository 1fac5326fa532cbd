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
// results, and the program judged answers the same questions compiled. What
// keeps a state, such as the schedule or the outbox, is asked with a script:
// it plays the script and tells after each line all there is to be seen. Its
// disk is one in memory that fails as planned, and where chance would decide
// how long to wait, a package of the bridge takes the place of math/rand;
// TestChance looks at chance itself.
//
// JUDGE_TIMES=20 multiplies how much is asked; what is asked is the same at
// every run.
package judge
