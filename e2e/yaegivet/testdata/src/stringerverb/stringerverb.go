package stringerverb

import (
	"fmt"
	"time"
)

type Level int

func (l Level) String() string { return "level" }

func logf(format string, args ...any) { fmt.Printf(format, args...) }

func bad(l Level) {
	fmt.Printf("%d", l)              // want `under %d`
	fmt.Printf("%s %+v %T", l, l, l) // want `under %\+v` `under %T`
	fmt.Sprintf("%*d %#v", 3, 4, l)  // want `under %#v`
	fmt.Fprintf(nil, "%x", l)        // want `under %x`
	logf("%s", l)                    // want `passed on`
}

func good(l Level, d time.Duration) {
	fmt.Printf("%d %s %v %q", int(l), l, l, l)
	fmt.Printf("%d%% %v", int(l), l)
	fmt.Println(l)
	fmt.Printf("%d", d)
	logf("%s", l.String())
	logf("%d", int(l))
}
