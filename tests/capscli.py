#!/usr/bin/env python3
"""Tests of `goo caps`, and of rights across packages: what a dependency needs is known from beside its object.

Usage: tests/capscli.py GOO
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from box import GOO, case, expect, run_cases

LIB = 'package lib\n\nimport "os"\n\nfunc Load(p string) { os.ReadFile(p) }\n\nfunc Pure() int { return 1 }\n'
MAIN = ('package main\n\nimport "example.com/app/lib"\n\nfunc helper() { lib.Load("/etc/x") }\n\n'
        "@requires(file.read)\nfunc main() { helper() }\n")


def module(box, main=MAIN, lib=LIB):
    box.write("goo.mod", "module example.com/app\n\ngo 1.23\n")
    box.write("main.goo", main)
    box.write("lib/lib.goo", lib)


def ok(box, *args):
    r = box.goo("caps", *args)
    expect(r.status == 0, "%s: %d %r" % (args, r.status, r.err))
    return r.out.decode()


# ---- rights across packages ----

@case
def a_dependency_that_needs_more_is_an_error(box):
    module(box)
    expect(box.goo("check", ".").status == 0, "covered")
    box.write("lib/lib.goo", LIB.replace("os.ReadFile(p)", "os.Remove(p)"))
    for command in ("check", "build"):
        r = box.goo(command, ".")
        text = r.err.decode()
        expect(r.status == 1, "%s: status %d" % (command, r.status))
        expect("main.main needs file.write, which @requires(file.read) does not have" in text, text)
        expect("example.com/app/lib.Load calls os.Remove, which needs file.write" in text and "lib.goo:5" in text, text)


@case
def an_import_has_a_ceiling(box):
    allow = MAIN.replace("import ", "@allow(network) import ").replace("@requires(file.read)\n", "")
    module(box, allow)
    r = box.goo("check", ".")
    expect(b"example.com/app/lib.Load needs file.read, which @allow(network) of import" in r.err, r.err.decode())
    box.write("main.goo", allow.replace("@allow(network)", "@allow(file.read)"))
    expect(box.goo("check", ".").status == 0, "allowed")
    box.write("lib/more.goo", 'package lib\n\nimport "os"\n\nfunc init() { os.Getenv("HOME") }\n')
    r = box.goo("check", ".")
    expect(b'lib.init needs env.read("HOME"), which @allow(file.read)' in r.err, r.err.decode())
    box.write("main.goo", MAIN)
    expect(b"initialisation of package example.com/app/lib needs env.read" in box.goo("check", ".").err, "ceiling of main")


# ---- ceilings of imports at run time ----

# Reaches files by nothing that the static rule sees: by what it is given, through reflection.
PAD = '''package pad

import (
	"os"
	"reflect"
)

type Reader interface{ Read() error }

type T struct{ Path string }

func (t T) Read() error { return Call(t.Path) }

var fns = []any{1, 2}

func Call(path string) error {
	out := reflect.ValueOf(given).Call([]reflect.Value{reflect.ValueOf(path)})
	if e := out[1].Interface(); e != nil {
		return e.(error)
	}
	return nil
}

var given any = func(string) ([]byte, error) { return nil, os.ErrInvalid }

func Give(f any) { given = f }

func Go(path string) error {
	c := make(chan error, 1)
	go func() {
		defer func() {
			if e, ok := recover().(error); ok {
				c <- e
			}
		}()
		c <- Call(path)
	}()
	return <-c
}

func New(path string) Reader { return T{path} }

var Var = Call

type Fn func(string) error

func Make() Fn { return Call }

func Gen[X any](x X) error { return Call("/etc/hostname") }
'''
LIMITED = '''package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	@allow(RIGHTS) "example.com/app/pad"
)

func attempt(name string, f func() error) {
	var err error
	func() {
		defer func() {
			if e, ok := recover().(error); ok {
				err = e
			}
		}()
		err = f()
	}()
	if !errors.Is(err, fs.ErrPermission) {
		fmt.Println("ESCAPED:", name, err)
	}
}

const path = "/etc/hostname"

var static = pad.Call

func main() {
	pad.Give(os.ReadFile)
	attempt("call", func() error { return pad.Call(path) })
	attempt("goroutine", func() error { return pad.Go(path) })
	attempt("method", func() error { return pad.T{path}.Read() })
	attempt("interface", func() error { return pad.New(path).Read() })
	attempt("value", func() error { f := pad.Call; return f(path) })
	attempt("static value", func() error { return static(path) })
	attempt("method value", func() error { f := pad.T{path}.Read; return f() })
	attempt("method expression", func() error { f := pad.T.Read; return f(pad.T{path}) })
	attempt("variable", func() error { return pad.Var(path) })
	attempt("function type", func() error { f := pad.Make(); return f(path) })
	attempt("generic", func() error { return pad.Gen(1) })
	attempt("deferred", func() (err error) {
		defer pad.Call(path)
		return fs.ErrPermission
	})
	attempt("go", func() error { t := go pad.Call(path); _, err := t.Wait(); return err })
	_, err := os.ReadFile(path)
	fmt.Println(err)
}
'''


@case
def an_import_has_a_ceiling_at_run_time(box):
    module(box)
    box.write("pad/pad.go", PAD)
    for rights in ("", "env", 'file.read("/usr"), network'):
        box.write("main.goo", LIMITED.replace("RIGHTS", rights))
        r = box.goo("run", ".")
        expect(r.status == 0 and r.out == b"<nil>\n", "@allow(%s): %r %r" % (rights, r.out, r.err))
    box.write("main.goo", LIMITED.replace("RIGHTS", 'file.read("/etc")'))
    r = box.goo("run", ".")
    expect(r.out.count(b"ESCAPED") == 12, "what is allowed works: %r %r" % (r.out, r.err))


@case
def an_import_is_initialised_below_its_ceiling(box):
    module(box)
    box.write("hook/hook.go", "package hook\n\nvar Read func(string) ([]byte, error)\n")
    box.write("first/first.go", 'package first\n\nimport ("example.com/app/hook"; "os")\n\nfunc init() { hook.Read = os.ReadFile }\n')
    box.write("last/last.goo", 'package last\n\nimport ("example.com/app/hook"; "os")\n\nfunc init() { hook.Read("/etc/passwd"); _ = os.Args }\n')
    main = 'package main\n\nimport _ "example.com/app/first"\n@allow() import _ "example.com/app/last"\n\nfunc main() { println("started") }\n'
    box.write("main.goo", main)
    r = box.goo("run", ".")
    expect(r.status == 2 and b"open /etc/passwd: needs capability file.read" in r.err and b"started" not in r.err, r.err)
    box.write("main.goo", main.replace("@allow()", "@allow(file)"))
    expect(b"started" in box.goo("run", ".").err, "allowed")


# ---- what cannot be checked ----

@case
def denied_unsafe_code_is_not_built(box):
    unsafe = 'package lib\n\nimport "unsafe"\n\nfunc Load(p string) { _ = *(*int)(unsafe.Pointer(&p)) }\n'
    module(box, MAIN.replace("@requires(file.read)\n", ""), unsafe)
    expect(box.goo("build", "-o", "x", ".").status == 0, "without flags")
    for flag in ("--deny=memory.raw", "--deny=memory", "--deny=all"):
        r = box.goo("build", flag, "-o", "x", ".")
        expect(r.status == 1 and b"lib.Load needs memory.raw, which --deny excludes" in r.err, "%s: %r" % (flag, r.err))
    expect(box.goo("build", "--deny=network", "-o", "x", ".").status == 0, "other rights")
    box.write("lib/lib.goo", 'package lib\n\nimport "reflect"\n\nfunc Load(p string) { reflect.NewAt(reflect.TypeOf(p), nil) }\n')
    r = box.goo("build", "--deny=memory.raw", "-o", "x", ".")
    expect(r.status == 1 and b"needs memory.raw" in r.err, r.err)


@case
def an_import_of_the_library_has_a_ceiling(box):
    box.write("a.goo", 'package main\n\n@allow() import "os"\n\nfunc main() {\n\tos.Exit(0)\n\tos.Remove("x")\n}\n')
    box.fails(1, "a.goo:7:", "check", "a.goo")
    box.fails(1, "os.Remove needs file.write(\"x\"), which @allow() of import \"os\" does not have", "check", "a.goo")


@case
def a_linkname_is_seen(box):
    box.write("a.goo", 'package main\n\nimport _ "unsafe"\n\n//go:linkname now time.now\nfunc now() (int64, int32, int64)\n\n'
              "@requires()\nfunc f() { now() }\n\nfunc main() {}\n")
    r = box.goo("check", "--external", "a.goo")
    expect(b"main.f needs ffi" not in r.err, "time.now is in the table: " + r.err.decode())
    box.write("b.goo", 'package main\n\nimport _ "unsafe"\n\n//go:linkname inner net/http.inner\nfunc inner()\n\n'
              "@requires()\nfunc f() { inner() }\n\n@requires()\nfunc main() {}\n")
    r = box.goo("check", "--external", "b.goo")
    expect(b"main.f needs ffi" in r.err and b"through a linkname" in r.err, r.err.decode())
    expect(b"initialisation of package main needs memory.raw" in r.err, r.err.decode())


@case
def assembly_is_seen(box):
    box.write("a.goo", "package main\n\nfunc fast()\n\n@requires()\nfunc f() { fast() }\n\nfunc main() {}\n")
    r = box.goo("check", "--external", "a.goo")
    expect(b"main.f needs ffi" in r.err and b"main.fast, which has no body" in r.err, r.err.decode())


# ---- goo caps ----

@case
def table_of_packages_and_functions(box):
    module(box)
    text = ok(box, "./...")
    expect('example.com/app: file.read' in text and "example.com/app/lib: file.read" in text, text)
    expect("main.helper" in text and "main.goo:5" in text and "lib.Pure" not in text, text)
    expect("lib.Pure" in ok(box, "-v", "./..."), "-v lists what needs nothing")
    expect("(declared)" in text, text)


@case
def chains(box):
    module(box)
    text = ok(box, "--why", "file", ".")
    expect("main.main needs file.read" in text and "lib.goo:5: example.com/app/lib.Load calls os.ReadFile, which needs file.read" in text, text)
    expect(ok(box, "--why", "network", ".") == "nothing needs network\n", "nothing")
    box.fails(2, "unknown capability netwrk (did you mean network?)", "caps", "--why", "netwrk", ".")


@case
def library_packages(box):
    text = ok(box, "os/signal")
    expect("os/signal: signal.handle" in text and "os/signal.Notify" in text, text)
    for name, call in (("one", "os.Getenv(\"A\")"), ("two", "os.Remove(\"B\")")):
        box.write("cmd/%s/main.goo" % name, 'package main\n\nimport "os"\n\nfunc main() { %s }\n' % call)
    text = ok(box, "--why", "all", "./cmd/...")
    expect("/cmd/one: main.main needs env.read(" in text and "/cmd/two: main.main needs file.write(" in text, text)
    text = ok(box, "--why", "signal.handle", "os/signal")
    expect("os/signal.signal_enable, which @requires signal.handle" in text, text)
    box.fails(2, "no package of this module or of the library has this path", "caps", "no/such")


@case
def as_json(box):
    module(box)
    found = {p["path"]: p for p in json.loads(ok(box, "--json", "./..."))["packages"]}
    lib = found["example.com/app/lib"]
    expect(lib["needs"] == [{"capability": "file.read"}], str(lib["needs"]))
    load = [f for f in lib["functions"] if f["name"].endswith(".Load")][0]
    expect(load["line"] == 5 and not load["declared"], str(load))
    expect(load["chains"][0]["steps"][-1]["text"].endswith("calls os.ReadFile, which needs file.read"), str(load))


@case
def as_graph(box):
    module(box)
    text = ok(box, "--graph", ".")
    expect(text.startswith("digraph") and '"main.helper\\nfile.read"' in text and "->" in text, text)
    page = ok(box, "--graph=html", ".")
    expect("<html" in page and "main.helper" in page and "/*DATA*/" not in page, page[:200])
    for outside in ("http://", "https://", "src=", "@import"):
        expect(outside not in page.replace("http://www.w3.org/2000/svg", ""), "self-contained: " + outside)
    data = page[page.index("nodes:["):page.index("\n};")]
    nodes = json.loads(data[len("nodes:"):data.index("],\nedges:") + 1])
    expect(any(n[0] == "os.ReadFile" and n[4] for n in nodes), str(nodes))
    box.fails(2, "expected dot or html", "caps", "--graph=svg", ".")


@case
def compared_with_a_file(box):
    module(box)
    ok(box, "--write", "goo.caps", "./...")
    with open(os.path.join(box.folder, "goo.caps")) as f:
        text = f.read()
    expect(text.startswith("#") and "example.com/app/lib: file.read\n" in text, text)
    expect(ok(box, "--check", "goo.caps", "./...") == "", "nothing differs")
    box.write("lib/lib.goo", LIB.replace("os.ReadFile(p)", "os.Remove(p)"))
    r = box.goo("caps", "--check", "goo.caps", "./...")
    expect(r.status == 1 and b"+ example.com/app/lib: file.write\n" in r.out and b"- example.com/app/lib: file.read\n" in r.out, r.out.decode())
    box.fails(2, "cannot read none.caps", "caps", "--check", "none.caps", "./...")


@case
def compared_with_a_revision(box):
    module(box)

    def git(*args):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t"] + list(args), cwd=box.folder, check=True, capture_output=True)
    git("init")
    git("add", "goo.mod", "main.goo", "lib")
    git("commit", "-m", "one")
    r = box.goo("caps", "--diff", "HEAD", "./...")
    expect(r.status == 0 and r.out == b"", "%d %r %r" % (r.status, r.out, r.err))
    box.write("lib/lib.goo", LIB.replace("os.ReadFile(p)", 'os.Getenv("HOME")'))
    r = box.goo("caps", "--diff", "HEAD", "./...")
    expect(r.status == 1 and b'+ example.com/app/lib.Load: env.read("HOME")' in r.out, r.out.decode())
    expect(b"- example.com/app/lib.Load: file.read" in r.out, r.out.decode())
    git("worktree", "list")
    expect(not os.path.exists(os.path.join(box.folder, ".git", "worktrees")) or not os.listdir(os.path.join(box.folder, ".git", "worktrees")),
           "no worktree stays")
    expect(box.goo("caps", "--diff", "nonsense", "./...").status == 2, "no such revision")


@case
def the_table_fits_the_library(box):
    r = box.goo("caps", "--check-table")
    expect(r.status == 0, r.err.decode()[:4000])


@case
def errors_of_the_source(box):
    box.write("a.goo", "package main\n\nfunc main() { x() }\n")
    box.fails(1, "undefined: x", "caps", "a.goo")


sys.exit(run_cases("caps", own_cache=False))
