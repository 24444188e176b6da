// Command test2json turns what a test program prints, on its standard input, into the events of `goo test -json`.
// Its argument is the path of the package. When the input has ended it reads from descriptor 3 how the test went,
// "pass" or "fail", for the last event.
package main

import (
	"cmd/internal/test2json"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	c := test2json.NewConverter(os.Stdout, os.Args[1], test2json.Timestamp)
	_, err := io.Copy(c, os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "test2json:", err)
	}
	result, _ := io.ReadAll(os.NewFile(3, "result"))
	if string(result) == "pass" {
		c.Exited(nil)
	} else {
		c.Exited(errors.New("failed"))
	}
	c.Close()
}
