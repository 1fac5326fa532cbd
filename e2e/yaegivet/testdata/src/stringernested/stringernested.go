package stringernested

import (
	"fmt"
	"log"
	"time"
)

type label struct{ text string }

func (l label) String() string { return l.text }

type box struct{ L label }

type closed struct{ l label }

func bad(list []label, m map[string]label, b box) {
	fmt.Println(list)            // want `inside a`
	fmt.Sprintf("%v", m)         // want `inside a`
	log.Print(b)                 // want `inside a`
	fmt.Errorf("x %v", []*box{}) // the pointer is printed as such
}

func good(list []label, l label, names []string, at time.Time) {
	fmt.Println(l, list[0], names, at, []time.Duration{time.Second})
	fmt.Println(closed{l})
	for _, l := range list {
		fmt.Println(l.String())
	}
}
