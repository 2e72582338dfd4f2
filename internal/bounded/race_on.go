//go:build race

package bounded

// raceEnabled: the race detector makes eager garbage collection too slow.
const raceEnabled = true
