// The same from a runtime of its own, which polls, sleeps and collects garbage: arguments, environment,
// files, clocks, random bytes, streams and exit.
package main

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

func main() {
	begin := time.Now()
	input := must(io.ReadAll(os.Stdin))

	check(os.MkdirAll("/a/b", 0o777))
	check(os.WriteFile("/a/b/file", input, 0o666))
	check(os.Rename("/a/b/file", "/a/file"))
	file := must(os.OpenFile("/a/file", os.O_WRONLY|os.O_APPEND, 0))
	must(file.Write([]byte("!")))
	must(file.Seek(0, io.SeekStart))
	check(file.Close())
	check(os.Symlink("file", "/a/link"))
	expect(must(os.Readlink("/a/link")) == "file")
	expect(string(must(os.ReadFile("/a/link"))) == string(input)+"!")
	check(os.Remove("/a/link"))
	check(os.Remove("/a/b"))
	for _, entry := range must(os.ReadDir("/a")) {
		expect(entry.Name() == "file" && must(entry.Info()).Size() == int64(len(input)+1))
	}
	_, err := os.Stat("/a/none")
	expect(errors.Is(err, fs.ErrNotExist))
	expect(os.Mkdir("/kept/new", 0o777) != nil)
	expect(string(must(os.ReadFile("/kept/file"))) == "kept")
	_, err = os.ReadFile("/kept/../../secret")
	expect(err != nil)

	// Two goroutines that sleep: the runtime waits for whichever is due first.
	woken := make(chan int)
	for _, seconds := range []int{60, 20} {
		go func() {
			time.Sleep(time.Duration(seconds) * time.Second)
			woken <- seconds
		}()
	}
	first, second := <-woken, <-woken
	expect(first == 20 && second == 60)
	expect(time.Since(begin).Round(time.Second) == time.Minute)

	chance := strconv.FormatUint(rand.Uint64(), 16)
	must(os.Stderr.WriteString("so far so good\n"))
	line := os.Getenv("GREETING") + ", " + os.Args[1] + ": " + string(must(os.ReadFile("/a/file"))) + " " + chance
	must(os.Stdout.WriteString(line + "\n"))
	os.Exit(4)
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func expect(holds bool) {
	if !holds {
		panic("something is not as it should be")
	}
}
