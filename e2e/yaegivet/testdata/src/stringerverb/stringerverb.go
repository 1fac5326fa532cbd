package stringerverb

import (
	"fmt"
	"log"
	"time"
)

type Level int

func (l Level) String() string { return "level" }

func logf(format string, args ...any) { fmt.Printf(format, args...) }

func bad(l Level) {
	fmt.Printf("%d", l)              // want `under %d`
	fmt.Printf("%s %+v %T", l, l, l) // want `under %\+v` `under %T`
	fmt.Sprintf("%*d %#v", 3, 4, l)  // want `under %#v`
	fmt.Fprintf(nil, "%o", l)        // want `under %o`
	logf("%s", l)                    // want `passed on`
}

func good(l Level, d time.Duration) {
	fmt.Printf("%d %s %v %q", int(l), l, l, l)
	fmt.Printf("%d%% %v %x %X", int(l), l, l, l)
	fmt.Println(l)
	fmt.Printf("%d", d)
	logf("%s", l.String())
	logf("%d", int(l))
}

func show(v any) string { return fmt.Sprintf("%d", v) }

func showRight(v any) string { return fmt.Sprintf("%v %s", v, v) }

func tell(v any) { log.Println("level", v) }

func passedOn(l Level, logger *log.Logger) {
	show(l) // want `passed on`
	tell(l) // want `passed on`
	var v any = l
	fmt.Printf("%d", v)  // want `under %d`
	log.Printf("%s", l)  // want `in package log`
	log.Println(l)       // want `in package log`
	logger.Print("x", l) // want `in package log`
}

func passedOnRight(l Level, d time.Duration, err error) {
	showRight(l)
	show(int(l))
	tell(l.String())
	var v any = l
	fmt.Printf("%v", v)
	log.Println(d, err, l.String())
}
