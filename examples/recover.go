// run

// Panics, deferred calls and recovery, as in Go.
package main

type parseError struct{ at int }

func (e parseError) Error() string { return "syntax error" }

func parse(s string) (n int) {
	for i, r := range s {
		if r < '0' || r > '9' {
			panic(parseError{i})
		}
		n = n*10 + int(r-'0')
	}
	return n
}

func main() {
	for _, s := range []string{"42", "4x2"} {
		func() {
			defer func() {
				if e, ok := recover().(parseError); ok {
					println(s, "is wrong at", e.at)
				}
			}()
			println(parse(s))
		}()
	}
}

// Output:
// 42
// 4x2 is wrong at 1
