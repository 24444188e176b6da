#!/usr/bin/env python3
"""Tests of //go:embed: which files a pattern takes in, what is wrong with others, that changes are noticed.

Usage: tests/embed.py GOO
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from box import case, expect, run_cases

WALK = """
func main() {
	fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			panic(err)
		}
		data, _ := files.ReadFile(path)
		fmt.Println(path, d.IsDir(), string(data))
		return nil
	})
}
"""


def program(*declarations, body=WALK, imports=("embed", "fmt", "io/fs")):
    lines = "".join('import %s"%s"\n' % ("_ " if i == "embed" and body != WALK else "", i) for i in imports)
    return "package main\n\n%s\n%s\n%s" % (lines, "\n".join("//go:embed %s\nvar %s" % d for d in declarations), body)


def tree(box):
    for name, text in (("hello.txt", "hello"), ("static/a.txt", "A"), ("static/sub/b.txt", "B"), ("static/.hidden", "H"),
                       ("static/_under", "U"), ("static/other/go.mod", "module other\n"), ("static/other/c.txt", "C"), ("empty", "")):
        box.write(name, text)


def runs(box, want):
    r = box.goo("run", "main.go")
    got = r.out.decode() + r.err.decode()
    expect(r.status == 0 and got == want, "got\n%swant\n%s" % (got, want))


@case
def strings_and_bytes(box):
    tree(box)
    box.write("main.go", program(("hello.txt", "s string"), ('"hello.txt"', "b []byte"), ("`hello.txt`", "t text"), ("empty", "none []byte"),
                                 body="\ntype text string\n\nfunc main() {\n\tb[0] = 'J'\n\tfmt.Println(s, string(b), t, none, none == nil)\n}\n",
                                 imports=("embed", "fmt")))
    runs(box, "hello Jello hello [] false\n")


@case
def folders(box):
    tree(box)
    box.write("main.go", program(("static *.txt\n//go:embed empty", "files embed.FS")))
    runs(box, ". true \nempty false \nhello.txt false hello\nstatic true \nstatic/a.txt false A\nstatic/sub true \nstatic/sub/b.txt false B\n")


@case
def hidden_files(box):
    tree(box)
    box.write("main.go", program(("all:static", "files embed.FS")))
    runs(box, ". true \nstatic true \nstatic/.hidden false H\nstatic/_under false U\nstatic/a.txt false A\nstatic/sub true \nstatic/sub/b.txt false B\n")


@case
def changes_are_noticed(box):
    tree(box)
    box.write("main.go", program(("s*/*.txt", "files embed.FS")))
    runs(box, ". true \nstatic true \nstatic/a.txt false A\n")
    box.write("static/a.txt", "changed")
    box.write("static/z.txt", "new")
    runs(box, ". true \nstatic true \nstatic/a.txt false changed\nstatic/z.txt false new\n")
    box.write("some/y.txt", "Y")
    runs(box, ". true \nsome true \nsome/y.txt false Y\nstatic true \nstatic/a.txt false changed\nstatic/z.txt false new\n")


@case
def objects_depend_on_files(box):
    box.write("go.mod", "module m\n")
    box.write("lib/lib.go", 'package lib\n\nimport _ "embed"\n\n//go:embed text\nvar Text string\n')
    box.write("main.go", 'package main\n\nimport "m/lib"\n\nfunc main() { print(lib.Text) }\n')
    for text in ("one", "two"):
        box.write("lib/text", text)
        runs(box, text)


@case
def embedded_in_tests(box):
    tree(box)
    box.write("go.mod", "module m\n")
    box.write("x_test.go", 'package x\n\nimport (\n\t_ "embed"\n\t"testing"\n)\n\n//go:embed hello.txt\nvar s string\n\nfunc TestS(t *testing.T) {\n\tif s != "hello" {\n\t\tt.Fatal(s)\n\t}\n}\n')
    r = box.goo("test", "./...")
    expect(r.status == 0, r.out.decode() + r.err.decode())


@case
def mistakes(box):
    tree(box)
    os.mkdir(os.path.join(box.folder, "hollow"))
    box.write(".git/config", "")
    os.symlink("hello.txt", os.path.join(box.folder, "link"))
    for pattern, var, message in (("nope.txt", "x string", "main.go:5:12: pattern nope.txt: no matching files found"),
                                  ("hello.txt nope.*", "x string", "main.go:5:22: pattern nope.*: no matching files found"),
                                  ("../x", "x string", "pattern ../x: invalid pattern syntax"), ("/etc/passwd", "x string", "invalid pattern syntax"),
                                  ("[a", "x string", "pattern [a: invalid pattern syntax"), ('"hello', "x string", "invalid quoted string in //go:embed"),
                                  ("hollow", "x embed.FS", "cannot embed directory hollow: contains no embeddable files"),
                                  ("link", "x string", "cannot embed irregular file link"), (".git", "x embed.FS", "cannot embed directory .git: invalid name .git"),
                                  ("static/other", "x embed.FS", "cannot embed directory static/other: in different module"),
                                  ("static", "x string", "invalid go:embed: multiple files for type string"), ("hello.txt", "x int", "go:embed cannot apply to var of type int"),
                                  ("hello.txt", "x, y string", "go:embed cannot apply to multiple vars"), ("hello.txt", 'x string = "s"', "go:embed cannot apply to var with initializer")):
        box.write("main.go", program((pattern, var), body="\nvar _ embed.FS\n\nfunc main() {}\n", imports=("embed",)).replace('_ "embed"', '"embed"', 1).replace("\n\n\n", "\n\n"))
        r = box.goo("check", "main.go")
        expect(r.status == 1 and message in r.err.decode(), "%s: %d %s" % (pattern, r.status, r.err.decode()))


sys.exit(run_cases("embed", own_cache=False))
