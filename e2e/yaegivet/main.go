// Command yaegivet finds what the Yaegi interpreter computes otherwise than the
// Go compiler, in every package that Traefik loads for a plugin.
//
//	go run ./yaegivet [-C dir] [packages]
//
// It looks upwards from dir for the plugin's folder, the one with a
// .traefik.yml, and checks the package that its import names, all that this one
// imports from its module, and all that it imports from vendor. Tests, nested modules
// and other programs beside it are not loaded by Traefik and not checked. Package
// patterns narrow that down.
//
// A place that is right all the same carries a comment at its line:
//
//	//yaegivet:ignore rule reason
//
// A comment without a reason is an error, and so is one that nothing needs.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	dir := flag.String("C", ".", "a `folder` in the plugin's source")
	list := flag.Bool("rules", false, "print the rules, and check nothing")
	flag.Parse()

	if *list {
		printRules(os.Stdout)
		return
	}

	result, err := check(*dir, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "yaegivet:", err)
		os.Exit(2)
	}

	for _, f := range result.findings {
		fmt.Println(f.text(result.root))
	}

	fmt.Printf("yaegivet: %s: %d packages, %d rules, %d exceptions, %d findings\n",
		result.module, result.packages, result.rules, result.exceptions, len(result.findings))

	if len(result.findings) > 0 {
		os.Exit(1)
	}
}
