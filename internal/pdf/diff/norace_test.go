//go:build !race

package diff_test

const raceFactor = 1
