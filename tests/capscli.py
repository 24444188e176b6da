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
