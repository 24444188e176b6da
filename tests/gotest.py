#!/usr/bin/env python3
"""Tests of `goo test`: what is found, built and run, what is printed, exit statuses, JSON.

Usage: tests/gotest.py GOO
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from box import case, expect, run_cases

ADD = "package add\n\nfunc Add(x, y int) int { return x + y }\n\nfunc hidden() int { return 7 }\n"


def module(box, **files):
    """A module example.com/m; NAME__REST stands for NAME/REST, and .go is added."""
    box.write("go.mod", "module example.com/m\n\ngo 1.23\n")
    for name, text in files.items():
        box.write(name.replace("__", "/") + ".go", text)


def tests(package, body, *imports):
    return "package %s\n\nimport (\n%s)\n\n%s\n" % (package, "".join('\t"%s"\n' % i for i in ("testing",) + imports), body)


def text(output):
    """Output with times replaced."""
    return re.sub(r"\d+\.\d+s", "0s", output.decode())


def shows(r, status, *parts):
    for part in parts:
        expect(part in text(r.out) + text(r.err), "%r not in %s%s" % (part, text(r.out), text(r.err)))
    expect(r.status == status, "exit status %d, expected %d: %s%s" % (r.status, status, text(r.out), text(r.err)))


# ---- what is compiled ----

@case
def tests_inside_and_outside(box):
    module(box, add__add=ADD, add__in_test=tests("add", "func TestIn(t *testing.T) {\n\tif hidden() != 7 {\n\t\tt.Fatal()\n\t}\n}\n\nvar Shown = hidden"),
           add__out_test=tests("add_test", "func TestOut(t *testing.T) {\n\tif add.Shown() != 7 {\n\t\tt.Fatal()\n\t}\n}", "example.com/m/add"))
    r = box.goo("test", "-v", "./add")
    shows(r, 0, "--- PASS: TestIn", "--- PASS: TestOut", "ok  \texample.com/m/add\t0s\n")


@case
def programs_know_what_they_are(box):
    """testing.Testing, from the first initialiser on."""
    module(box, p__p='package p\n\nimport "testing"\n\nvar Tested = testing.Testing()\n',
           p__in_test=tests("p", "func TestIt(t *testing.T) {\n\tif !Tested || !testing.Testing() {\n\t\tt.Fatal()\n\t}\n}"),
           main='package main\n\nimport "example.com/m/p"\n\nfunc main() { println(p.Tested) }\n')
    shows(box.goo("test", "./p"), 0, "ok  \texample.com/m/p\t0s\n")
    shows(box.goo("run", "."), 0, "false\n")


@case
def tests_change_what_importers_see(box):
    """A method that a test adds to a type reaches packages between the test and the type."""
    module(box, low__low="package low\n\ntype T struct{}\n",
           mid__mid='package mid\n\nimport "example.com/m/low"\n\nfunc New() any { return low.T{} }\n',
           low__in_test="package low\n\nfunc (T) String() string { return \"from the test\" }\n",
           low__out_test=tests("low_test", 'func TestMethod(t *testing.T) {\n\tif fmt.Sprint(mid.New(), low.T{}) != "from the test from the test" {\n\t\tt.Fatal(mid.New())\n\t}\n}',
                               "example.com/m/low", "example.com/m/mid", "fmt"))
    shows(box.goo("test", "./..."), 0, "ok  \texample.com/m/low\t0s\n", "?   \texample.com/m/mid\t[no test files]\n")


@case
def tests_of_a_program(box):
    module(box, main="package main\n\nfunc main() { println(answer()) }\n\nfunc answer() int { return 42 }\n",
           main_test=tests("main", "func TestAnswer(t *testing.T) {\n\tif answer() != 42 {\n\t\tt.Fatal()\n\t}\n}"))
    shows(box.goo("test"), 0, "PASS\nok  \texample.com/m\t0s\n")
    box.write("user/user.go", 'package user\n\nimport _ "example.com/m"\n')
    box.fails(1, 'import "example.com/m" is a program, not an importable package', "check", "user/user.go")


@case
def goo_test_files(box):
    module(box, add__add=ADD)
    box.write("add/add_test.goo", tests("add", "func TestAdd(t *testing.T) {\n\ttry {\n\t\tpanic(Add(1, 2))\n\t} recover e {\n\t\tt.Log(\"three\", e)\n\t}\n}"))
    shows(box.goo("test", "-v", "./add"), 0, "add_test.goo:", "three 3", "--- PASS: TestAdd")


@case
def named_files(box):
    box.write("add.go", ADD)
    box.write("add_test.go", tests("add", "func TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal()\n\t}\n}"))
    shows(box.goo("test", "add.go", "add_test.go"), 0, "ok  \tcommand-line-arguments\t0s\n")


@case
def constraints_and_folders(box):
    module(box, add__add=ADD, add__a_windows_test=tests("add", "func TestWindows(t *testing.T) { t.Fatal() }"),
           add__tagged_test="//go:build never\n\n" + tests("add", "func TestTagged(t *testing.T) { t.Fatal() }"),
           add__testdata__x_test="no Go at all", _hidden__x="no Go", vendor__v__v="no Go")
    shows(box.goo("test", "./..."), 0, "?   \texample.com/m/add\t[no test files]\n")


@case
def library_packages(box):
    r = box.goo("test", "container/...")
    shows(r, 0, "ok  \tcontainer/heap\t0s\nok  \tcontainer/list\t0s\nok  \tcontainer/ring\t0s\n")


# ---- what runs ----

@case
def kinds_of_tests(box):
    body = """
func TestMain(m *testing.M) { fmt.Println("before"); m.Run(); fmt.Println("after") }
func TestSub(t *testing.T) { t.Run("one", func(t *testing.T) { t.Parallel() }); t.Run("two", func(t *testing.T) { t.Skip("later") }) }
func Testify() { panic("no test") }
func BenchmarkAdd(b *testing.B) { for range b.N { Add(1, 2) } }
func FuzzAdd(f *testing.F) {
	f.Add(1, "seed")
	f.Fuzz(func(t *testing.T, n int, s string) { t.Log(n, s) })
}
func ExampleAdd() {
	fmt.Println(Add(1, 2))

	fmt.Println("done")
	// Output:
	// 3
	// done
}
func ExampleAdd_unordered() {
	fmt.Println("a\\nb")
	// Unordered output: b
	// a
}
func ExampleAdd_compiled() { panic("not run") }
"""
    module(box, add__add=ADD, add__add_test=tests("add", body, "fmt"))
    box.write("add/testdata/fuzz/FuzzAdd/corpus1", 'go test fuzz v1\nint(5)\nstring("corpus")\n')
    shows(box.goo("test", "-v", "./add"), 0, "before", "after", "--- PASS: TestSub/one", "--- SKIP: TestSub/two", "1 seed", "5 corpus",
          "--- PASS: FuzzAdd/corpus1", "--- PASS: ExampleAdd ", "--- PASS: ExampleAdd_unordered")
    shows(box.goo("test", "-run=XXX", "-bench", ".", "-benchmem", "-benchtime=10x", "./add"), 0, "BenchmarkAdd", "ns/op", "B/op", "ok  ")
    shows(box.goo("test", "-list", "Add", "./add"), 0, "BenchmarkAdd\nFuzzAdd\nExampleAdd\nExampleAdd_unordered\n", "ok  ")
    shows(box.goo("test", "-run", "Nothing", "./add"), 0, "[no tests to run]")


@case
def failures(box):
    module(box, a__a_test=tests("a", 'func TestBad(t *testing.T) { t.Error("so wrong") }\nfunc TestGood(t *testing.T) { fmt.Println("heard") }', "fmt"),
           b__b_test=tests("b", 'func TestGood(t *testing.T) { fmt.Println("unheard") }', "fmt"),
           c__c_test=tests("c", 'func ExampleX() {\n\tfmt.Println("is")\n\t// Output: shall be\n}\n\nvar _ testing.T', "fmt"),
           d__d_test=tests("d", 'func TestPanic(t *testing.T) { panic("oh") }'),
           e__e_test=tests("e", 'func TestExit(t *testing.T) { os.Exit(5) }', "os"))
    r = box.goo("test", "./...")
    shows(r, 1, "    a_test.go:8: so wrong\n", "heard", "FAIL\nFAIL\texample.com/m/a\t0s\n", "ok  \texample.com/m/b\t0s\n", "got:\nis\nwant:\nshall be\n",
          "panic: oh", "exit status 5\nFAIL\texample.com/m/e\t0s\nFAIL\n")
    expect("unheard" not in text(r.out), "passing tests are silent")
    order = re.findall(r"example.com/m/(\w)\t", text(r.out))
    expect(order == list("abcde"), "order of packages: %s" % order)
    shows(box.goo("test", folder="a"), 1, "FAIL\nexit status 1\nFAIL\texample.com/m/a\t0s\n")
    shows(box.goo("test", "-failfast", "-v", "./a"), 1, "--- FAIL: TestBad")


@case
def timeouts(box):
    module(box, a__a_test=tests("a", "func TestSlow(t *testing.T) {\n\tgo func() { select {} }()\n\ttime.Sleep(time.Hour)\n}", "time"))
    r = box.goo("test", "-timeout", "100ms", "./a")
    shows(r, 1, "panic: test timed out after 100ms\n\trunning tests:\n\t\tTestSlow (0s)\n", "startAlarm.func1(", "created by time.goFunc\n",
          "[chan receive]:\ntesting.(*T).Run(", "[sleep]:\n", "example.com/m/a.TestSlow(", "[select (no cases)]:\nexample.com/m/a.TestSlow.func1(",
          "FAIL\texample.com/m/a\t0s\n")


@case
def faults_and_signals(box):
    module(box, a__a_test=tests("a", "type T struct{ n int }\n\nfunc TestNil(t *testing.T) { t.Log((*T)(nil).n) }"),
           b__b_test=tests("b", "func TestKill(t *testing.T) {\n\tfmt.Println(\"last words\")\n\tsyscall.Kill(syscall.Getpid(), syscall.SIGKILL)\n\tselect {}\n}", "fmt", "syscall"))
    shows(box.goo("test", "./a"), 1, "nil pointer dereference [recovered]\n", "\n[signal SIGSEGV: segmentation violation code=")
    shows(box.goo("test", "./b"), 1, "last words\nsignal: killed\nFAIL\texample.com/m/b\t0s\nFAIL\n")


@case
def arguments_of_the_program(box):
    body = 'var Flag = flag.String("flag", "", "")\n\nfunc TestArgs(t *testing.T) {\n\twd, _ := os.Getwd()\n\tt.Log(*Flag, flag.Args(), filepath.Base(wd))\n}'
    module(box, a__a_test=tests("a", body, "flag", "os", "path/filepath"))
    shows(box.goo("test", "-v", "./a", "-flag", "x", "-args", "y", "-v"), 0, "x [y -v] a\n")
    shows(box.goo("test", "-v", "./a", "-flag=z", "w"), 0, "z [w] a\n")


# ---- errors, other outputs ----

@case
def errors_in_tests(box):
    module(box, a__a_test=tests("a", "func TestType(t *testing.T) { var x int = \"s\" }"), b__b_test=tests("b", "func TestSyntax(t *testing.T) { ) }"),
           c__c_test=tests("c", "func TestSignature(t int) {}\n\nvar _ testing.T"), d__d=ADD.replace("add", "d"), d__d_test=tests("d", "var _ testing.T", "example.com/m/e"),
           e__e='package e\n\nimport _ "example.com/m/d"\n', f__f_test=tests("f", "func TestGood(t *testing.T) {}"))
    r = box.goo("test", "./...")
    shows(r, 1, "# example.com/m/a [example.com/m/a.test]\na/a_test.go:7:35: declared and not used: x\na/a_test.go:7:43: cannot use", "FAIL\texample.com/m/a [build failed]\n", "FAIL\texample.com/m/b [setup failed]\n",
          "wrong signature for TestSignature, must be: func TestSignature(t *testing.T)", "FAIL\texample.com/m/c [setup failed]\n",
          "# example.com/m/d\ne/e.go:3:10: import cycle not allowed: example.com/m/e imports example.com/m/d\n\td/d_test.go:5:2: note: example.com/m/d imports example.com/m/e\n",
          "FAIL\texample.com/m/d [setup failed]\n", "ok  \texample.com/m/f\t0s\n")


@case
def errors_stand_below_their_package(box):
    module(box, low__low="package low\n\nvar X int = true\n", a__a_test=tests("a", "var _ = low.X\n\nvar _ testing.T", "example.com/m/low"),
           b__b=ADD.replace("add", "b"), b__b_test=tests("b_test", "func TestB(t *testing.T) { b.None() }", "example.com/m/b"),
           c__c_test=tests("c", "func TestC(t *testing.T) {}", "example.com/m/none", "nothing/here"))
    r = box.goo("test", "./a", "./b", "./c")
    shows(r, 1, "FAIL\texample.com/m/a [build failed]\nFAIL\texample.com/m/b [build failed]\nFAIL\texample.com/m/c [setup failed]\nFAIL\n")
    want = r"""# example.com/m/low
low/low.go:3:13: cannot use true .*
# example.com/m/b_test \[example.com/m/b.test\]
b/b_test.go:8:30: undefined: b.None
# example.com/m/c
c/c_test.go:5:2: cannot find package example.com/m/none: .*
c/c_test.go:6:2: package nothing/here is not in std
"""
    expect(re.fullmatch(want, r.err.decode()), r.err.decode())


@case
def another_command_runs_the_program(box):
    module(box, a__a_test=tests("a", "func TestEnv(t *testing.T) { t.Log(os.Getenv(\"FOR_TEST\")) }", "os"))
    shows(box.goo("test", "-v", "-exec", "env FOR_TEST=given", "./a"), 0, "a_test.go:8: given\n", "ok  \texample.com/m/a\t0s\n")
    shows(box.goo("test", "-exec", "no-such-command", "./a"), 1, "cannot run no-such-command", "FAIL\texample.com/m/a\t0s\n")


@case
def wrong_command_lines(box):
    module(box, a__a=ADD)
    box.fails(2, "-race is not supported", "test", "-race", "./a")
    box.fails(2, "-cover is not supported", "test", "-cover", "./a")
    box.fails(2, "invalid value \"soon\" for -timeout", "test", "-timeout", "soon")
    for flag, value in (("count", "many"), ("parallel", "-1"), ("cpu", "1,,2"), ("shuffle", "some"), ("benchtime", "10y"), ("v", "maybe"), ("failfast", "2")):
        box.fails(2, "invalid value \"%s\" for -%s" % (value, flag), "test", "-%s=%s" % (flag, value), "./a")
    box.fails(2, "-tags is not supported", "test", "-tags", "x", "./a")
    box.fails(2, "flag needs an argument: -run", "test", "-run")
    box.fails(2, "no package of this module", "test", "example.com/m/nowhere")
    box.fails(2, "No such file or directory", "test", "./nowhere")
    box.fails(1, "matched no packages", "test", "./nothing.../x")
    shows(box.goo("help", "test"), 0, "-benchmem", "-race", "Not supported")


@case
def only_building(box):
    module(box, a__a_test=tests("a", "func TestA(t *testing.T) {}"), b__b_test=tests("b", "func TestB(t *testing.T) {}"))
    shows(box.goo("test", "-c", "./a"), 0)
    expect(os.access(os.path.join(box.folder, "a.test"), os.X_OK), "a.test: %s" % box.files())
    shows(box.goo("test", "-c", "-o", "bin/", "./..."), 0)
    expect(sorted(os.listdir(os.path.join(box.folder, "bin"))) == ["a.test", "b.test"], "bin")


@case
def json_events(box):
    module(box, a__a_test=tests("a", "func TestGood(t *testing.T) { t.Log(\"said\") }\nfunc TestBad(t *testing.T) { t.Fail() }"), b__b=ADD)
    r = box.goo("test", "-json", "./...")
    events = [json.loads(line) for line in r.out.decode().splitlines()]
    seen = [(e["Action"], e["Package"][-1], e.get("Test")) for e in events if e["Action"] != "output"]
    expect(seen == [("start", "a", None), ("run", "a", "TestGood"), ("pass", "a", "TestGood"), ("run", "a", "TestBad"), ("fail", "a", "TestBad"),
                    ("fail", "a", None), ("start", "b", None), ("skip", "b", None)], "events: %s" % seen)
    expect(any("said" in e.get("Output", "") and e["Test"] == "TestGood" for e in events), "output of tests")
    expect(r.status == 1, "exit status %d" % r.status)


sys.exit(run_cases("gotest", own_cache=False))
