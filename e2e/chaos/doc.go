// Package chaos holds the tests that show what a stateDir is for, behind a
// real Traefik: kills, a receiver that fails in every way, several processes
// on one folder, a full disk, a flood of sign-ups, and a long backlog.
//
// What the tests choose at random follows a seed (CHAOS_SEED). CHAOS_KILLS and
// CHAOS_BURST make them longer.
package chaos
