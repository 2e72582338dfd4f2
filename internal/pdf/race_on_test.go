//go:build race

package pdf

// raceEnabled: the race detector makes everything some ten times slower.
const raceEnabled = true

// million is how many objects the files named so have.
const million = 20_000
