//go:build race

package streebog_test

const raceEnabled = true
