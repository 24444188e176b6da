// run

// os: files, folders, environment, errors.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	dir, err := os.MkdirTemp("", "goo")
	fmt.Println(err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "file.txt")
	fmt.Println(os.WriteFile(name, []byte("line one\nline two\n"), 0o644))
	f, err := os.OpenFile(name, os.O_APPEND|os.O_RDWR, 0)
	n, err := f.WriteString("three")
	fmt.Println(n, err)
	pos, err := f.Seek(5, io.SeekStart)
	b := make([]byte, 3)
	io.ReadFull(f, b)
	fmt.Println(pos, err, string(b))
	st, _ := f.Stat()
	fmt.Println(st.Name(), st.Size(), st.Mode(), st.IsDir(), f.Close(), f.Close() != nil)
	data, err := os.ReadFile(name)
	fmt.Println(strings.Count(string(data), "\n"), err)

	_, err = os.Open(filepath.Join(dir, "none"))
	var pe *fs.PathError
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.As(err, &pe), pe.Op, pe.Err)
	fmt.Println(os.Mkdir(filepath.Join(dir, "sub"), 0o755), os.Rename(name, filepath.Join(dir, "sub", "moved")))
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		fmt.Println(rel, d.IsDir(), err)
		return nil
	})
	entries, err := os.ReadDir(dir)
	fmt.Println(len(entries), entries[0].Name(), err, os.Remove(filepath.Join(dir, "sub")) != nil)

	os.Setenv("GOO_TEST", "value")
	v, ok := os.LookupEnv("GOO_TEST")
	fmt.Println(v, ok, os.ExpandEnv("$GOO_TEST-${GOO_TEST}"), len(os.Args), os.Getpid() > 1)
	r, w, _ := os.Pipe()
	w.WriteString("through a pipe")
	w.Close()
	all, err := io.ReadAll(r)
	fmt.Println(string(all), err)
	fmt.Fprintln(os.Stderr, "standard error")
}

/*
<nil>
<nil>
5 <nil>
5 <nil> one
file.txt 23 -rw-r--r-- false <nil> true
2 <nil>
true true open no such file or directory
<nil> <nil>
. true <nil>
sub true <nil>
sub/moved false <nil>
1 sub <nil> true
value true value-value 1 true
through a pipe <nil>
standard error
*/
