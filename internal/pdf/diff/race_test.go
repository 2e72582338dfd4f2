//go:build race

package diff_test

// raceFactor is how much slower and larger the race detector makes everything.
const raceFactor = 10
