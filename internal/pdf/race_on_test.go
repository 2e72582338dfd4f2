//go:build race

package pdf

// raceEnabled: the race detector makes everything some ten times slower.
const raceEnabled = true
