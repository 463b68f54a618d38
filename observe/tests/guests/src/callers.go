// Says where it is, as Go itself knows it, and goes on until it is stopped there.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
)

//go:noinline
func stay() {
	places := make([]uintptr, 64)
	frames := runtime.CallersFrames(places[:runtime.Callers(2, places)])
	for {
		frame, more := frames.Next()
		fmt.Printf("%s %s:%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			break
		}
	}
	for spins >= 0 {
		spins = (spins + 1) & 0xff
	}
}

var spins int

func inlined(deep int) {
	if deep > 0 {
		alsoInlined()
	}
}

func alsoInlined() { stay() }

//go:noinline
func nested(words []string) (sum int) {
	for _, word := range words {
		sum += strings.Count(word, "a")
	}
	inlined(sum)
	return sum
}

type shape interface{ area(scale float64) float64 }

type circle struct{ radius float64 }

//go:noinline
func (c *circle) area(scale float64) float64 {
	if scale > 1 {
		stay()
	}
	return 3 * c.radius * scale
}

//go:noinline
func generic[T any](values []T, visit func(T) bool) (count int) {
	for _, value := range values {
		if visit(value) {
			count++
		}
	}
	return count
}

//go:noinline
func missing(c *circle) float64 {
	defer func() {
		if recover() != nil {
			fmt.Fprint(os.Stderr)
			stay()
		}
	}()
	scale := 2.0
	return scale *
		c.radius
}

//go:noinline
func outside(values []int, number int) int {
	defer stay()
	return values[number] + 1
}

func main() {
	way := os.Args[1]
	words := []string{"banana", "apple"}
	switch way {
	case "inlined":
		nested(words)
	case "interface":
		var figure shape = &circle{radius: 2}
		fmt.Println(figure.area(0.5) +
			figure.area(3))
	case "closure":
		generic(words, func(word string) bool {
			return len(word) > 5 && func() bool {
				stay()
				return true
			}()
		})
	case "library":
		sort.Slice(words, func(first, second int) bool {
			stay()
			return words[first] < words[second]
		})
	case "missing":
		missing(nil)
	case "outside":
		outside([]int{1}, len(words))
	case "routine":
		done := make(chan int)
		go func() {
			nested(words)
			done <- 1
		}()
		<-done
	}
	fmt.Println(spins)
}
