#!/usr/bin/env python3
"""Tests of the goo command itself: exit statuses, messages, output files, scripts, the cache.

Usage: tests/cli.py GOO
"""

import json
import os
import pty
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from box import GOO, case, expect, run_cases

HELLO = 'package main\n\nfunc main() { println("hello") }\n'


# ---- running ----

@case
def run_passes_arguments_and_status(box):
    box.write("exit.go", 'package main\n\nfunc main() { panic("stop") }\n')
    expect(box.goo("run", "exit.go").status == 2, "a panic exits with 2")
    box.write("hello.go", HELLO)
    r = box.goo("run", "hello.go")
    expect(r.status == 0 and r.err == b"hello\n", "hello: %r" % r.err)
    expect(box.files() == ["exit.go", "hello.go"], "run leaves nothing: %s" % box.files())


@case
def second_run_comes_from_the_cache(box):
    source = box.write("hello.go", HELLO)
    box.goo("run", "hello.go")
    entries = os.listdir(os.path.join(box.folder, ".cache", "run"))
    expect(len(entries) == 2, "one executable and its manifest: %s" % entries)
    exe = os.path.join(box.folder, ".cache", "run", min(entries, key=len))
    before = os.stat(exe).st_mtime_ns
    expect(box.goo("run", "hello.go").err == b"hello\n", "cached run")
    expect(os.stat(exe).st_mtime_ns == before, "the cached executable was kept")
    with open(source, "w") as f:
        f.write(HELLO.replace("hello", "other"))
    expect(box.goo("run", "hello.go").err == b"other\n", "a changed source is compiled again")


@case
def the_module_file_is_part_of_what_was_built(box):
    box.write("loop.go", "package main\n\nfunc main() {\n\tvar f func()\n\tfor i := 0; i < 2; i++ {\n\t\tif i == 0 {\n"
              "\t\t\tf = func() { println(i) }\n\t\t}\n\t}\n\tf()\n}\n")
    expect(box.goo("run", "loop.go").err == b"0\n", "without a module: the newest language")
    for version, want in (("1.21", b"2\n"), ("1.22", b"0\n"), ("1.21", b"2\n")):
        box.write("go.mod", "module m\n\ngo %s\n" % version)
        expect(box.goo("run", "loop.go").err == want, "one variable a loop before go1.22, one an iteration since: " + version)
    os.remove(os.path.join(box.folder, "go.mod"))
    expect(box.goo("run", "loop.go").err == b"0\n", "without the module again")


@case
def a_damaged_cache_entry_is_rebuilt(box):
    box.write("hello.go", HELLO)
    box.goo("run", "hello.go")
    folder = os.path.join(box.folder, ".cache", "run")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "r+b") as f:
            f.truncate(100)
    r = box.goo("run", "hello.go")
    expect(r.status == 0 and r.err == b"hello\n", "after truncation: %r" % r.err)
    for name in os.listdir(folder):
        if not name.endswith(".deps"):
            with open(os.path.join(folder, name), "r+b") as f:
                f.seek(5000)
                f.write(b"damage")
    r = box.goo("run", "hello.go")
    expect(r.status == 0 and r.err == b"hello\n", "after damage: %r" % r.err)


MODULE = {"go.mod": "module m\n\ngo 1.23\n", "greet/greet.go": "package greet\n\nfunc Hello() { println(\"hello\") }\n",
          "main.go": "package main\n\nimport \"m/greet\"\n\nfunc main() { greet.Hello() }\n"}


@case
def damaged_objects_of_packages_are_made_anew(box):
    for name, text in MODULE.items():
        box.write(name, text)
    folder = os.path.join(box.folder, ".cache", "lib")
    expect(box.goo("run", "-n", ".").err == b"hello\n", "at first")
    for suffix in (".o", ".o.esc", ".o.caps", ".o.seal"):
        path = next(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(suffix))
        with open(path, "rb") as f:
            good = f.read()
        for bad in (b"", good[: len(good) // 2], good + b"x", None):
            os.remove(path)
            if bad is not None:
                with open(path, "wb") as f:
                    f.write(bad)
            r = box.goo("run", "-n", ".")
            expect(r.status == 0 and r.err == b"hello\n", "%s damaged: %r" % (suffix, r.err))
            with open(path, "rb") as f:
                expect(f.read() == good, "%s is as it was" % suffix)


def compiler_elsewhere(box):
    """A folder with a copy of goo, which looks for what belongs to it beside itself, and links to that."""
    home, build = os.path.join(box.folder, ".home"), os.path.dirname(GOO)
    os.makedirs(os.path.join(home, "lib"))
    shutil.copy(GOO, home)
    for name in ("std", "lib/goort.o", "lib/gccjit.so"):
        os.symlink(os.path.join(build, name), os.path.join(home, name))
    return home


@case
def packages_beside_the_compiler_are_used_and_not_written(box):
    for name, text in MODULE.items():
        box.write(name, text)
    box.goo("run", "-n", ".")
    home = compiler_elsewhere(box)
    cache = os.path.join(box.folder, ".cache")
    os.rename(os.path.join(cache, "lib"), os.path.join(home, "pkg"))
    before = sorted(os.listdir(os.path.join(home, "pkg")))
    r = harness.run([os.path.join(home, "goo"), "run", "-n", "."], 60, cwd=box.folder, env=box.env)
    expect(r.status == 0 and r.err == b"hello\n", "%d %r" % (r.status, r.err))
    expect(os.listdir(os.path.join(cache, "lib")) == [], "nothing was compiled: %s" % os.listdir(os.path.join(cache, "lib")))
    expect(sorted(os.listdir(os.path.join(home, "pkg"))) == before, "nothing was written beside the compiler")


def libraries_of(box, home):
    """The files that the dynamic linker loads while the compiler compiles a program and runs it."""
    log = os.path.join(box.folder, ".log")
    r = harness.run([os.path.join(home, "goo"), "run", "-n", "hello.go"], 60, cwd=box.folder, env=dict(box.env, LD_DEBUG="files", LD_DEBUG_OUTPUT=log))
    expect(r.status == 0 and r.err == b"hello\n", "%d %r" % (r.status, r.err))
    text = ""
    for name in os.listdir(box.folder):
        if name.startswith(".log."):
            with open(os.path.join(box.folder, name)) as f:
                text += f.read()
            os.remove(os.path.join(box.folder, name))
    return text


@case
def the_copy_of_gccs_library_is_used_while_it_is_one(box):
    box.write("hello.go", HELLO)
    home = compiler_elsewhere(box)
    copy = os.path.join(home, "lib", "gccjit.so")
    expect("calling init: " + copy in libraries_of(box, home), "the copy is loaded")
    with open(copy, "rb") as f:
        good = f.read()
    os.remove(copy)
    with open(copy, "wb") as f:  # as of another version: its build id is at the start
        f.write(good[:4096].replace(b"GNU\0", b"GNU\0other", 1)[:4096] + good[4096:])
    expect("calling init: " + copy not in libraries_of(box, home), "a copy of another library is not")
    os.remove(copy)
    expect("libgccjit" in libraries_of(box, home), "nor is it missed")


@case
def a_terminal_sees_progress(box):
    names = ["p%d" % i for i in range(6)]
    box.write("go.mod", MODULE["go.mod"])
    for n in names:
        box.write("%s/%s.go" % (n, n), "package %s\n\nfunc F() {}\n" % n)
    box.write("main.go", "package main\n\nimport (\n\t\"m/p0\"\n%s)\n\nfunc main() { p0.F() }\n" % "".join('\t_ "m/%s"\n' % n for n in names[1:]))
    ours, theirs = pty.openpty()
    subprocess.run([GOO, "build", "-o", "prog", "."], cwd=box.folder, env=box.env, stderr=theirs, check=True)
    os.close(theirs)
    text = os.read(ours, 1 << 16).decode()
    os.close(ours)
    expect("compiling 1 of 6: m/p" in text and text.endswith("\r\x1b[K"), "%r" % text)
    expect(box.goo("build", "-n", "-o", "prog", ".").err == b"", "no progress in a pipe, and nothing left to do")


@case
def a_cache_that_cannot_be_written_is_no_error(box):
    box.write("hello.go", HELLO)
    box.write(".cache", "a file where the folder should be")
    r = box.goo("run", "hello.go")
    expect(r.status == 0 and r.err == b"hello\n", "%r" % r.err)


@case
def a_missing_code_generator_is_one_clear_line(box):
    box.write("hello.go", HELLO)
    box.write("other.go", HELLO)
    box.goo("run", "hello.go")
    box.env["GOO_GCCJIT"] = "/no/such/libgccjit.so"
    for args in (["run", "other.go"], ["build", "other.go"], ["build", "--emit=asm", "other.go"]):
        err = box.fails(2, "/no/such/libgccjit.so", *args)
        expect(err.count("\n") == 1, "one line: %r" % err)
    expect(box.goo("run", "hello.go").err == b"hello\n", "a cached program needs none")
    expect(box.goo("check", "other.go").status == 0, "nor does checking")


# A library of two packages: an image of what a program imports must follow what happens to them.
LIBRARY = {"root/src/unsafe/unsafe.go": "package unsafe\n",
           "root/src/low/low.go": "package low\n\nconst Word = \"one\"\n\ntype T struct{ N int }\n",
           "root/src/high/high.go": "package high\n\nimport \"low\"\n\nvar V = low.T{N: 3}\n\nfunc Say() { println(low.Word, V.N) }\n",
           "main.go": "package main\n\nimport \"high\"\n\nfunc main() { high.Say(); println(high.V.N) }\n"}


def images(box):
    folder = os.path.join(box.folder, ".cache", "image")
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if not n.endswith(".seal")]


def box_with_library(box):
    for name, text in LIBRARY.items():
        box.write(name, text)
    box.env["GOO_GOROOT"] = os.path.join(box.folder, "root")
    for _ in range(2):  # compiles the library, then keeps what it has read
        expect(box.goo("run", "-n", "main.go").err == b"one 3\n3\n", "at first")
    expect(len(images(box)) == 1, "one image: %s" % images(box))


@case
def an_image_of_the_library_is_used(box):
    box_with_library(box)
    before = os.stat(images(box)[0])
    box.write("main.go", LIBRARY["main.go"].replace("println(high.V.N)", "high.V.N++; high.Say()"))
    expect(box.goo("run", "-n", "main.go").err == b"one 3\none 4\n", "another program with the same imports")
    expect(box.goo("build", "-o", "prog", "main.go").status == 0, "build takes it too")
    after = os.stat(images(box)[0])
    expect((before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns), "it is used and not changed")
    box.write("main.go", LIBRARY["main.go"].replace("high.V.N)", "high.V.M)"))
    err = box.fails(1, "high.V.M undefined", "run", "-n", "main.go")
    expect("main.go:5" in err, "errors are as without: %r" % err)
    box.write("main.go", LIBRARY["main.go"].replace('"high"', '("high"; "low")').replace("println(", "println(low.Word, "))
    for _ in range(2):
        expect(box.goo("run", "-n", "main.go").err == b"one 3\none 3\n", "other imports")
    expect(len(images(box)) == 2, "which have an image of their own")


@case
def an_image_follows_the_library(box):
    box_with_library(box)
    box.write("root/src/low/low.go", LIBRARY["root/src/low/low.go"].replace("one", "two"))
    for _ in range(2):
        expect(box.goo("run", "-n", "main.go").err == b"two 3\n3\n", "a file has changed")
    box.write("root/src/low/more.go", "package low\n\nfunc init() { println(\"more\") }\n")
    for _ in range(2):
        expect(box.goo("run", "-n", "main.go").err == b"more\ntwo 3\n3\n", "there is one more")
    shutil.rmtree(os.path.join(box.folder, ".cache", "lib"))
    for _ in range(2):
        expect(box.goo("run", "-n", "main.go").err == b"more\ntwo 3\n3\n", "the objects are gone")


@case
def a_damaged_image_is_made_anew(box):
    box_with_library(box)
    image = images(box)[0]
    size = os.stat(image).st_size
    for damage in (lambda f: f.truncate(5000), lambda f: (f.seek(3000), f.write(b"damage" * 100)), lambda f: f.truncate(0)):
        with open(image, "r+b") as f:
            damage(f)
        expect(box.goo("run", "-n", "main.go").err == b"one 3\n3\n", "after damage")
        with open(image, "rb") as f:
            text = f.read()
        expect(len(text) == size and b"damage" not in text, "made anew")
    os.remove(image + ".seal")
    expect(box.goo("run", "-n", "main.go").err == b"one 3\n3\n" and os.path.exists(image + ".seal"), "without a seal")


@case
def clean_empties_the_cache(box):
    box.write("hello.go", HELLO)
    box.goo("run", "hello.go")
    expect(box.goo("clean").status == 0, "clean")
    expect(os.listdir(os.path.join(box.folder, ".cache", "run")) == [], "empty")


@case
def scripts_run_by_their_first_line(box):
    path = box.write("script", "#!/usr/bin/env -S goo run\nprintln(\"script\")\n", 0o755)
    r = harness.run([path], 60, env=dict(box.env, PATH=os.path.dirname(GOO) + ":" + os.environ["PATH"]))
    expect(r.status == 0 and r.err == b"script\n", "%d %r" % (r.status, r.err))


@case
def program_text_from_standard_input(box):
    r = box.goo("run", "-", stdin=b'println("typed")\n')
    expect(r.status == 0 and r.err == b"typed\n", "%d %r" % (r.status, r.err))


# ---- building ----

@case
def build_names_the_executable(box):
    box.write("prog/hello.go", HELLO)
    expect(box.goo("build", "prog/hello.go").status == 0, "build of a file")
    expect("hello" in box.files(), "named after the file: %s" % box.files())
    expect(box.goo("build", "-o", "named", "prog").status == 0, "build of a folder")
    r = harness.run([os.path.join(box.folder, "named")], 10)
    expect(r.status == 0 and r.err == b"hello\n", "%r" % r.err)


@case
def build_writes_into_folders(box):
    box.write("prog/hello.go", HELLO)
    os.mkdir(os.path.join(box.folder, "out"))
    for args, name in ((["-o", "out", "prog/hello.go"], "out/hello"), (["-o", "new/bin/", "prog"], "new/bin/prog")):
        r = box.goo("build", *args)
        expect(r.status == 0 and os.access(os.path.join(box.folder, name), os.X_OK), "%s: %d %r" % (name, r.status, r.err))


@case
def build_emits_each_stage(box):
    box.write("hello.go", HELLO)
    for kind, text in (("ast", b"FUNC_DECL"), ("ir", b"func main.main"), ("asm", b"main.main")):
        r = box.goo("build", "--emit=" + kind, "hello.go")
        expect(r.status == 0 and text in r.out, "--emit=%s: %d %r" % (kind, r.status, r.out[:200]))
    r = box.goo("build", "--emit=obj", "-o", "hello.o", "hello.go")
    expect(r.status == 0 and open(os.path.join(box.folder, "hello.o"), "rb").read(4) == b"\x7fELF", "--emit=obj")


@case
def a_device_stays_when_it_is_the_output(box):
    box.write("hello.go", HELLO)
    out = os.path.join(box.folder, "out")
    os.symlink("/dev/null", out)
    for flags in ([], ["--emit=obj"], ["--emit=asm"]):
        r = box.goo("build", *flags, "-o", "out", "hello.go")
        expect(r.status == 0 and os.path.islink(out), "%s: %d %r" % (flags, r.status, r.err))
    expect(sorted(box.files()) == ["hello.go", "out"], "nothing else: %s" % box.files())


@case
def every_level_gives_the_same_program(box):
    box.write("hello.go", HELLO)
    for level in "0123":
        r = box.goo("run", "-n", "-O", level, "hello.go")
        expect(r.status == 0 and r.err == b"hello\n", "-O%s: %r" % (level, r.err))
    r = box.goo("run", "-n", "-g", "hello.go")
    expect(r.status == 0 and r.err == b"hello\n", "-g: %r" % r.err)


@case
def packages_of_a_module_import_each_other(box):
    box.write("go.mod", "module example.com/app\n\ngo 1.23\n")
    box.write("main.go", 'package main\n\nimport "example.com/app/greet"\n\nfunc main() { println(greet.Hello("module")) }\n')
    box.write("greet/greet.go", 'package greet\n\nfunc Hello(s string) string { return "hello " + s + suffix }\n')
    box.write("greet/more.go", 'package greet\n\nvar suffix = "!"\n')
    r = box.goo("run", ".")
    expect(r.status == 0 and r.err == b"hello module!\n", "%d %r" % (r.status, r.err))
    box.write("greet/more.go", 'package greet\n\nimport _ "example.com/app/greet"\n\nvar suffix = "!"\n')
    box.fails(1, "greet/more.go:3:10: import cycle not allowed: example.com/app/greet imports example.com/app/greet", "run", ".")
    box.write("greet/more.go", 'package greet\n\nimport _ "example.com/app/mid"\n\nvar suffix = "!"\n')
    box.write("mid/mid.go", 'package mid\n\nimport _ "example.com/app/greet"\n')
    err = box.fails(1, "mid/mid.go:3:10: import cycle not allowed: example.com/app/mid imports example.com/app/greet", "run", ".")
    expect("greet/more.go:3:10: note: example.com/app/greet imports example.com/app/mid" in err and "main" not in err.replace("main.go", ""), err)


@case
def check_takes_patterns(box):
    for name, text in MODULE.items():
        box.write(name, text)
    expect(box.goo("check", "./...").err == b"" and box.goo("check", "m/greet", ".").status == 0, "no errors")
    box.write("other/other.go", "package other\n\nvar x int = true\n")
    box.write("user/user.go", "package user\n\nimport _ \"m/other\"\n")
    box.write("other/testdata/x.go", "no Go")
    err = box.fails(1, "cannot use true", "check", "./...")
    expect(err.startswith("other/other.go:3:13: ") and err.count("cannot use") == 1, "once, where it is: %s" % err)
    box.write("greet/greet.go", "package greet\n\nfunc Hello() { x }\n")
    found = json.loads(box.goo("check", "--error-format=json", "./...").out)
    expect([os.path.basename(e["file"]) for e in found] == ["greet.go", "other.go"], "all in one array: %s" % found)
    box.fails(1, "undefined: x", "check", "m/greet")
    box.fails(2, "nowhere: no package of this module or of the library has this path", "check", "m/nowhere")
    box.fails(2, "only goo check, test and caps take patterns", "build", "./...")


# ---- mistakes ----

@case
def missing_files_and_folders(box):
    box.fails(2, "nothing.go: No such file or directory", "run", "nothing.go")
    box.fails(2, "nowhere: No such file or directory", "build", "nowhere")
    os.mkdir(os.path.join(box.folder, "empty"))
    box.fails(2, "no source files", "build", "empty")
    os.mkdir(os.path.join(box.folder, "dir.go"))
    box.fails(2, "no source files", "run", "dir.go")


@case
def unreadable_files(box):
    path = box.write("secret.go", HELLO, 0)
    if os.access(path, os.R_OK):
        return  # root reads everything
    box.fails(2, "Permission denied", "run", "secret.go")


@case
def missing_main(box):
    box.write("nomain.go", "package main\n")
    box.fails(1, "function main is undeclared in the main package", "build", "nomain.go")
    box.write("lib.go", "package lib\n")
    box.fails(1, "not a main package", "run", "lib.go")
    expect(box.files() == ["lib.go", "nomain.go"], "nothing written: %s" % box.files())


@case
def errors_keep_an_old_executable(box):
    box.write("hello.go", HELLO)
    box.goo("build", "-o", "prog", "hello.go")
    box.write("hello.go", HELLO.replace("println", "printline"))
    err = box.fails(1, "undefined: printline", "build", "-o", "prog", "hello.go")
    expect("hello.go:3:15" in err and "^" in err, "position and caret: " + err)
    r = harness.run([os.path.join(box.folder, "prog")], 10)
    expect(r.err == b"hello\n", "the old executable still runs")


@case
def unwritable_output(box):
    box.write("hello.go", HELLO)
    box.fails(2, "cannot write no/such/folder/prog: No such file or directory", "build", "-o", "no/such/folder/prog", "hello.go")
    r = box.goo("build", "--emit=ir", "-o", "/dev/full", "hello.go")
    expect(r.status == 2 and b"No space left" in r.err, "full disk: %d %r" % (r.status, r.err))


@case
def at_most_ten_errors_in_source_order(box):
    box.write("many.go", "package main\n\nfunc main() {\n" + "".join("\tx%d()\n" % i for i in range(15)) + "}\n")
    err = box.fails(1, "too many errors", "check", "many.go")
    lines = [l for l in err.splitlines() if "undefined:" in l]
    expect(len(lines) == 10 and "x0" in lines[0] and "x9" in lines[9], "ten in order: %s" % lines)
    err = box.fails(1, "x14", "check", "--all-errors", "many.go")


@case
def types_are_checked_after_syntax_errors_when_asked(box):
    box.write("both.go", "package p\n\nvar a = []int{}[]\nvar b int = \"\"\ntype T { x int }\nvar c T\n")
    err = box.fails(1, "expected operand", "check", "both.go")
    expect("cannot use" not in err, "types are not checked: %s" % err)
    err = box.fails(1, "expected operand", "check", "--keep-going", "both.go")
    expect("cannot use" in err and "undefined" not in err, "types are checked: %s" % err)


@case
def generic_aliases_are_an_experiment(box):
    box.write("alias.go", "package main\n\ntype A[P any] = []P\n\nfunc main() { println(len(A[int]{1, 2})) }\n")
    box.fails(1, "requires GOEXPERIMENT=aliastypeparams", "run", "alias.go")
    box.env["GOEXPERIMENT"] = "other,aliastypeparams"
    expect(box.goo("run", "alias.go").err == b"2\n", "the experiment is on")
    box.env["GOEXPERIMENT"] = "other"
    box.fails(1, "requires GOEXPERIMENT=aliastypeparams", "run", "alias.go")


@case
def chains_of_operators_have_any_length(box):
    n = 50000
    words = " +\n\t\t".join('"%05d"' % i for i in range(n))
    box.write("chain.go", "package main\n\nfunc f(a int, s string) (int, int) {\n\treturn a%s, len(s + %s)\n}\n\n" % (" + a" * n, words)
              + "func main() { println(f(1, \"x\")) }\n")
    r = box.goo("run", "chain.go")
    expect(r.err == b"%d %d\n" % (n + 1, 5 * n + 1), "sum and length: %r" % r.err)


@case
def deep_nesting_is_an_error(box):
    n = 50000
    for name, text in (("right", "a + (" * n + "a" + ")" * n), ("calls", "f" + "()" * n), ("compare", "a" + " == a" * n),
                       ("shift", "a" + " << a" * n), ("unary", "^" * n + "a"), ("index", "a" + "[0]" * n)):
        box.write(name + ".go", "package p\n\nvar x = " + text + "\n")
        box.fails(1, "nested too deeply", "check", name + ".go")


@case
def errors_as_json(box):
    box.write("bad.go", "package main\n\nfunc main() { x() }\n")
    r = box.goo("check", "--error-format=json", "bad.go")
    found = json.loads(r.out)
    expect(r.status == 1 and len(found) == 1, "%d %r" % (r.status, r.out))
    text = json.dumps(found[0])
    expect("undefined: x" in text and "bad.go" in text and "15" in text, text)


@case
def wrong_command_lines(box):
    expect(box.goo().status == 2, "no command")
    err = box.fails(2, "unknown command \"frobnicate\"\n", "frobnicate")
    expect("did you mean" not in err, err)
    box.fails(2, "unknown command \"biuld\"; did you mean build?", "biuld", "x.go")
    box.fails(2, "unknown command \"tests\"; did you mean test?", "help", "tests")
    box.fails(2, "unrecognized option '--frobnicate'\nRun 'goo help build' for its flags.", "build", "--frobnicate")
    box.fails(2, "invalid option -- 'e'", "clean", "-e")
    for command in ("clean", "version"):
        box.fails(2, "unexpected argument all", command, "all")
    box.fails(2, "expected 0, 1, 2 or 3", "build", "-O", "9", "x.go")
    box.fails(2, "no source files", "run")


@case
def help_and_version(box):
    for args in (["help"], ["help", "run"], ["help", "build"], ["run", "--help"], ["version"], ["env"], ["--help"]):
        r = box.goo(*args)
        expect(r.status == 0 and len(r.out) > 10 and r.err == b"", "%s: %d %r" % (args, r.status, r.err))
    expect(b"--emit" in box.goo("help", "build").out, "flags are listed")
    expect(b"--emit" not in box.goo("help", "check").out, "only a command's own flags")


@case
def env_prints_what_is_asked_for(box):
    lines = dict(l.split("=", 1) for l in box.goo("env").out.decode().splitlines())
    expect(lines["GOO"] == GOO and lines["GOO_CACHE"].endswith(".cache"), "%s" % lines)
    expect(box.goo("env", "GOO_CACHE", "GOO").out.decode() == lines["GOO_CACHE"] + "\n" + GOO + "\n", "two of them")
    box.fails(2, "there is no GOO_NOTHING", "env", "GOO_NOTHING")


@case
def the_manual_has_every_command_and_flag(box):
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, "docs", "goo.1")) as f:
        manual = f.read().replace("\\-", "-")
    for table, macro, form in (("commands", r"CMD\((\w+)", "goo %s"), ("flags", r'FLAG\(\'.\', "([\w-]+)', "--%s"), ("testflags", r"TEST_FLAG\((\w+)", "-%s")):
        with open(os.path.join(root, "driver", table + ".def")) as f:
            names = re.findall(r"(?m)^" + macro, f.read())
        expect(len(names) > 5, "%s.def is read: %s" % (table, names))
        for name in names:
            expect(re.search(r"(?<![\w-])" + re.escape(form % name) + r"(?![\w-])", manual), "%s is not in docs/goo.1" % (form % name))


sys.exit(run_cases("cli"))
