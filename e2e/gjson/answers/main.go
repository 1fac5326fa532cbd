// Command answers puts each document of its standard input to gjson and writes
// what gjson says to its standard output, both as a stream of encoding/gob.
//
// A program holds one gjson only. Built with the published one, this command
// answers the tests of package gjson, which are built with the patched one.
package main

import (
	"encoding/gob"
	"errors"
	"io"
	"log"
	"os"

	"github.com/traefik-openwebui/signupwebhook/e2e/gjson/probe"
)

func main() {
	err := answer(gob.NewDecoder(os.Stdin), gob.NewEncoder(os.Stdout))
	if !errors.Is(err, io.EOF) {
		log.Fatal(err)
	}
}

func answer(documents *gob.Decoder, answers *gob.Encoder) error {
	for {
		doc := []byte{} // an empty document is not a nil one
		err := documents.Decode(&doc)
		if err != nil {
			return err
		}
		err = answers.Encode(append(probe.Ask(doc), probe.AskPatched(doc)...))
		if err != nil {
			return err
		}
	}
}
