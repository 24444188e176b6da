// run
// A map that nothing uses is not in the program, though its package has others that are.
package main

import (
	"bytes"
	"os"
)

var Unused = map[string]*int{"key of a map that nothing uses": new(int)}
var Used = map[string]*int{"key of a map that main uses": new(int)}

func main() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		panic(err)
	}
	rest := []byte(" of a map that ")
	for _, end := range []string{"nothing uses", "main uses"} {
		println(bytes.Contains(program, append(append([]byte("key"), rest...), end...)))
	}
	println(len(Used))
}

/*
false
true
1
*/
