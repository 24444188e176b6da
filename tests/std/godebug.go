// run

// Settings in GODEBUG hold as soon as the program sets them.
package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"os"
)

func next(archive []byte) error {
	_, err := tar.NewReader(bytes.NewReader(archive)).Next()
	return err
}

func main() {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "../up"}); err != nil {
		panic(err)
	}
	w.Close()
	fmt.Println(next(b.Bytes()))
	os.Setenv("GODEBUG", "tarinsecurepath=0")
	fmt.Println(next(b.Bytes()))
	os.Unsetenv("GODEBUG")
	fmt.Println(next(b.Bytes()))
}

// Output:
// <nil>
// archive/tar: insecure file path
// <nil>
