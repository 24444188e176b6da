// precompile.go imports what most programs do: `make` builds it, so that a user's first program need not wait until
// these packages of Go's library, and those that they import, are compiled.
package main

import (
	_ "bufio"
	_ "errors"
	_ "fmt"
	_ "os"
	_ "sort"
	_ "strconv"
	_ "strings"
	_ "time"
)

func main() {}
