package setenv

import (
	"os"
)

func bad() {
	os.Setenv("A", "b") // want `os.Setenv`
	os.Unsetenv("A")    // want `os.Unsetenv`
}

func good() string { return os.Getenv("A") }
