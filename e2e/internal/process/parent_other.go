//go:build !linux

package process

import "syscall"

func endsWithUs() *syscall.SysProcAttr { return nil }
