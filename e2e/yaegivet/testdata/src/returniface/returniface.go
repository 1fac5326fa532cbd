package returniface

import (
	"errors"
)

type speaker interface{ speak() string }

type cat struct{}

func (c *cat) speak() string { return "" }

func bad(n int) (speaker, int)        { return &cat{}, n + 1 } // want `arithmetic behind a first result`
func bad2(s string) (string, any)     { return s, shout(s) }   // want `a call that gives a string`
func bad3(s string) (string, speaker) { return s, newCat() }   // want `a call that gives a \*returniface.cat`

func shout(s string) string { return s }
func newCat() *cat          { return &cat{} }
func newSpeaker() speaker   { return &cat{} }

func good(n int) (speaker, bool)       { return &cat{}, n > 1 }
func good2(n int) (speaker, int)       { return &cat{}, n }
func good3(n int) (error, int)         { return nil, n + 1 }
func good4(s string) (string, speaker) { return s, newSpeaker() }
func good5(s string) (string, error)   { return s, errors.New(s) }
func good6(s string) (int, string)     { return 1, shout(s) }
func good7(n int) (speaker, int)       { return &cat{}, 1 + 2 }
