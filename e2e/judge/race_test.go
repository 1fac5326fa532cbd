//go:build race

package judge

const raceChecked = true
