// Divides by nothing, two calls down.
package main

import "os"

//go:noinline
func divide(dividend, divisor int) int {
	return dividend / divisor
}

//go:noinline
func halve(number, half int) int {
	return divide(number, half) + 1
}

func main() {
	os.Exit(halve(40, len(os.Args)-1))
}
