//go:build !race

package pdf

const raceEnabled = false

// million is how many objects the files named so have.
const million = 1_000_000
