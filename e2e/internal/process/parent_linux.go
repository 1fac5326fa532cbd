package process

import "syscall"

// endsWithUs has the kernel kill the program when a test binary is killed or
// panics on its time limit, where no cleanup runs.
func endsWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
