package switchtag

import (
	"io"
)

func size() int { return 1 }

func bad(x any) int {
	switch n := size(); n + 1 { // want `a computed tag behind an init statement`
	case 2:
		return 1
	}
	switch x {
	case 1: // want `a concrete value as the case of an interface`
		return 2
	case "a": // want `a concrete value as the case of an interface`
		return 3
	}
	return 4
}

func good(n int, err error, x any) int {
	switch n := size(); n {
	case 2:
		return 1
	}
	switch n + 1 {
	case 2:
		return 2
	}
	switch size() {
	case 2:
		return 3
	}
	switch err {
	case nil:
		return 4
	case io.EOF:
		return 5
	}
	switch v := x.(type) {
	case string:
		return len(v)
	}
	return 6
}
