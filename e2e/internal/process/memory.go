package process

import (
	"fmt"
	"os"
	"strings"
)

// What Memory tells: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
const (
	Resident     = "VmRSS" // now
	PeakResident = "VmHWM" // the most so far
)

// Memory is how much of its memory a process has, in KiB. Only Linux tells.
func Memory(pid int, what string) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}

	for line := range strings.Lines(string(text)) {
		var kib int
		if _, err := fmt.Sscanf(line, what+": %d kB", &kib); err == nil {
			return kib, nil
		}
	}

	return 0, fmt.Errorf("no %s in %s", what, text)
}
