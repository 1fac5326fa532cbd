package recovered

import (
	"fmt"
	"net/http"
)

func bad() {
	defer func() {
		r := recover()
		err, ok := r.(error) // want `the value of recover asserted`
		_, _ = err, ok
		if r == http.ErrAbortHandler { // want `the value of recover compared`
		}
		switch r { // want `the value of recover in a switch`
		}
		switch r.(type) { // want `the value of recover asserted`
		}
		look(r)
	}()
	defer func() { deep(recover()) }()
}

func look(r any) {
	_ = r.(string) // want `the value of recover asserted`
}

func deep(r any) { look(r) }

func good() {
	defer func() {
		r := recover()
		if r != nil {
			fmt.Println(fmt.Sprint(r))
			tell(r)
		}
	}()
	defer func() { tell(recover()) }()
	defer func() { recover() }()
	if recover() != nil {
		return
	}
}

func tell(r any) bool {
	if r == nil {
		return false
	}
	fmt.Println(r)
	return true
}
