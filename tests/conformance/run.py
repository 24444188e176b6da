#!/usr/bin/env python3
"""Runs Go's own test folder against Goo and writes a scoreboard.

The folder is read where Go's source is installed or unpacked; nothing of it is copied into the repository. Each
file's first comment says what to do with it (run, compile, errorcheck ...). expected.txt lists the tests known to
fail, with a reason each: a test that fails without being listed is a regression, and one that passes although it
is listed must be struck off; both make this program exit with 1.

Usage: run.py [--update] [--list] [--only REGEXP] [--levels=0123] GOO GOROOT

With --levels, only tests that are compiled and run count, at each of these levels of optimisation.
"""

import argparse
import collections
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = os.path.join(HERE, "expected.txt")
COMPILE_TIMEOUT, RUN_TIMEOUT = 180, 120
LIBRARY_TIMEOUT = 400  # when the library may have to be compiled first
FOLDERS = ["", "ken", "chan", "interface", "syntax", "dwarf", "fixedbugs", "typeparam", "internal/runtime/sys", "abi", "codegen"]
KINDS = {"run", "runoutput", "rundir", "runindir", "build", "builddir", "buildrun", "buildrundir", "compile", "compiledir",
         "errorcheck", "errorcheckdir", "errorcheckoutput", "errorcheckwithauto", "errorcheckandrundiag", "errorcheckandrundir",
         "asmcheck", "skip"}
RUN_KINDS = {"run", "runoutput", "rundir"}
# Kinds and flags that look at gc itself: its assembler, its optimiser's remarks, the go command.
FOREIGN_KINDS = {"asmcheck": "checks gc's assembler output", "skip": "skipped by Go itself",
                 "runindir": "needs the go command", "errorcheckwithauto": "checks gc's optimiser",
                 "errorcheckandrundiag": "checks gc's diagnostics flags", "errorcheckandrundir": "checks gc's optimiser",
                 "buildrundir": "needs assembly files", "builddir": "needs assembly files", "buildrun": "needs the go command"}
RUNS_GO = re.compile(r'exec\.Command\(\s*"go"|"go",\s*"(build|run|tool|list)"|run\("go"')
FOREIGN_FLAGS = re.compile(r"^-(m|\+|std|d=|live|wb|l$|l=|N|c=|race|msan|asan|smallframes|json|spectre|dynlink|newescape)")

Outcome = collections.namedtuple("Outcome", "state detail")  # state: pass fail crash skip


def skip(reason):
    return Outcome("skip", reason)


def fail(detail):
    return Outcome("fail", detail)


# ---- reading a test ----

class Test:
    """One file of the test folder: its kind, flags and what it imports."""

    def __init__(self, root, name):
        self.name, self.path = name, os.path.join(root, name)
        with open(self.path, encoding="utf-8", errors="replace") as f:
            self.text = f.read()
        self.kind, self.args, self.constraint = "none", [], None
        for line in self.text.splitlines():
            if line.startswith("//go:build "):
                self.constraint = line[len("//go:build "):]
            elif line.startswith("// +build"):
                continue
            elif line.startswith("// ") and self.kind == "none":
                words = line[3:].split()
                if words and words[0] in KINDS:
                    self.kind, self.args = words[0], words[1:]
            elif not line.startswith("//") and line.strip():
                break
        self.flags = [a for a in self.args if a.startswith("-")]
        self.code = strip_comments(self.text)
        self.imports = imports_of(self.code)

        if self.kind.endswith("dir"):
            for path in self.dir_files():
                with open(path, encoding="utf-8", errors="replace") as f:
                    self.imports |= imports_of(strip_comments(f.read()))

    def dir_files(self):
        folder = re.sub(r"\.go$", ".dir", self.path)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        return [os.path.join(folder, n) for n in names if n.endswith(".go")]

    def sources(self):
        """The files to compile: further ones are named among the arguments."""
        more = [a for a in self.args if a.endswith(".go")]
        return [self.path] + [os.path.join(os.path.dirname(self.path), a) for a in more]

    def program_args(self):
        return [] if "-goexperiment" in self.flags else [a for a in self.args if not a.startswith("-") and not a.endswith(".go")]

    def language(self):
        for a in self.flags:
            if a.startswith("-lang="):
                return [a.replace("-lang=", "--lang=")]
        return []

    def environment(self):
        """Experiments of Go are chosen by an environment variable; goo knows aliastypeparams."""
        names = [name for flag, name in zip(self.args, self.args[1:]) if flag == "-goexperiment"]
        return dict(os.environ, GOEXPERIMENT=",".join(names)) if names else None

    def checks_escape(self):
        """What Go's compiler says of escape analysis with inlining off: goo says the same."""
        about = re.search(r"escape|leaking|moved to heap", self.text)
        return bool(about) and self.kind == "errorcheck" and {"-m", "-l"} <= set(self.flags) <= {"-0", "-m", "-l", "-N"}

    def is_plain_run(self):
        """A program that is compiled and run, and that runs no command of Go's in turn."""
        return self.kind == "run" and not self.args and not RUNS_GO.search(self.text)

    def is_core(self):
        """One of the files that need nothing beyond the language without generics."""
        folder = os.path.dirname(self.name)
        return (self.kind == "run" and not self.program_args() and folder in ("", "ken", "chan", "interface", "fixedbugs") and not self.imports
                and not re.search(r"\bfunc\s*(\([^)]*\)\s*)?\w+\[|\btype\s+\w+\[\s*\w+\s+[\w~*\[(]", self.code))


def strip_comments(text):
    pattern = r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)+\'|//[^\n]*|/\*.*?\*/'
    return re.sub(pattern, lambda m: m.group(0) if m.group(0)[0] in "\"`'" else " ", text, flags=re.S)


def imports_of(code):
    found = set()
    for m in re.finditer(r'^\s*import\s*(\([^)]*\)|[^\n]*)', code, re.M):
        found.update(p for p in re.findall(r'"([^"]+)"', m.group(1)))
    return {p for p in found if p != "unsafe" and not p.startswith(".")}


def constraint_holds(expr):
    """Evaluates a //go:build line for gc on linux/amd64 without cgo, which Go's tests are written for."""
    tags = {"linux", "amd64", "unix", "gc"} | {"go1.%d" % i for i in range(1, 24)}
    text = re.sub(r"[\w.]+", lambda m: str(m.group(0) in tags), expr)
    text = text.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    try:
        return bool(eval(text, {"__builtins__": {}}))  # only True, False, and, or, not and parentheses are left
    except SyntaxError:
        return True


# ---- kinds ----

class Runner:
    def __init__(self, goo, root, level=None):
        """level: of optimisation, a digit; None: the usual."""
        self.goo, self.root = goo, root
        self.flags = ["-O" + level] if level else []
        self.escape_lines = collections.Counter()

    def compile(self, paths, out, flags=(), env=None):
        return harness.run([self.goo, "build", "-o", out, *self.flags, *flags, *paths], COMPILE_TIMEOUT, env=env)

    def compile_only(self, path, tmp, flags=(), env=None):
        """Like Go's compiler alone: functions may be defined elsewhere, and nothing is linked."""
        return self.compile([path], os.path.join(tmp, "a.o"), ["--emit=obj", "--external", *flags], env)

    def problem(self, r):
        text = r.err.decode("utf-8", "replace").strip()
        text = "time-out" if r.timed_out else text
        return Outcome("crash" if r.crashed() else "fail", text or "exit status %d" % r.status)

    def build_and_run(self, paths, args, flags, tmp, cwd=None):
        exe = os.path.join(tmp, "a.out")
        r = self.compile(paths, exe, flags)
        if r.status:
            return None, self.problem(r)
        r = harness.run([exe, *args], RUN_TIMEOUT, cwd=cwd or tmp, merge=True)
        if r.timed_out:
            return None, fail("time-out while running")
        if r.status:
            return None, fail("exit status %d: %s" % (r.status, r.out.decode("utf-8", "replace")[-2000:]))
        return r.out, None

    def check_output(self, test, out):
        want_path = re.sub(r"\.go$", ".out", test.path)
        want = b""
        if os.path.exists(want_path):
            with open(want_path, "rb") as f:
                want = f.read()
        elif not out:
            return Outcome("pass", "")
        if out.replace(b"\r\n", b"\n") == want:
            return Outcome("pass", "")
        return fail("output differs: %s" % out.decode("utf-8", "replace")[:1000])

    def do_run(self, test, tmp):
        out, problem = self.build_and_run(test.sources(), test.program_args(), test.language(), tmp, os.path.dirname(test.path))
        return problem or self.check_output(test, out)

    def do_runoutput(self, test, tmp):
        out, problem = self.build_and_run(test.sources(), test.program_args(), test.language(), tmp)
        if problem:
            return problem
        generated = os.path.join(tmp, "generated.go")
        with open(generated, "wb") as f:
            f.write(out)
        out, problem = self.build_and_run([generated], [], test.language(), tmp)
        return problem or self.check_output(test, out)

    def do_compile(self, test, tmp):
        r = self.compile_only(test.path, tmp, test.language(), test.environment())
        return Outcome("pass", "") if r.status == 0 else self.problem(r)

    do_build = do_compile

    def error_outcome(self, r, paths):
        if r.crashed():
            return self.problem(r)
        expected = {}
        for path in paths:
            name = os.path.basename(path)
            for line, text in harness.expected_errors(path, name):
                expected.setdefault((name, line), []).append(text)
        output = r.err
        for path in paths:  # patterns name files without their folder
            output = output.replace(os.path.dirname(path).encode() + b"/", b"")
        problems = harness.compare_errors(expected, harness.reported_errors(output))
        return fail("\n".join(problems)) if problems else Outcome("pass", "")

    def do_escape(self, test, tmp):
        emit = [] if test.imports else ["--emit=ir"]  # what imported functions do with their arguments takes compiling them
        r = harness.run([self.goo, "build", "-o", os.path.join(tmp, "out"), "-m", "-O0", "--external", *emit, test.path], LIBRARY_TIMEOUT)
        outcome = self.error_outcome(r, [test.path])
        marked = {line for line, _ in harness.expected_errors(test.path, "")}
        wrong = {int(n) for n in re.findall(r"^[^:\n]+:(\d+): ", outcome.detail, re.M)}
        self.escape_lines["right"] += len(marked - wrong)
        self.escape_lines["wrong"] += len(wrong) if wrong or outcome.state == "pass" else len(marked)
        return outcome

    def do_errorcheck(self, test, tmp):
        if test.checks_escape():
            return self.do_escape(test, tmp)
        flags = [flag for unless, flag in (("-e=0", "--all-errors"), ("-complete", "--external")) if unless not in test.flags]
        r = harness.run([self.goo, "check", *flags, *test.language(), test.path], COMPILE_TIMEOUT)
        if r.status == 0 and harness.expected_errors(test.path, ""):  # some errors are found by lowering
            r = self.compile([test.path], os.path.join(tmp, "ir"), ["--emit=ir", *flags, *test.language()])
        return self.error_outcome(r, [test.path])

    def do_errorcheckoutput(self, test, tmp):
        out, problem = self.build_and_run(test.sources(), [], (), tmp)
        if problem:
            return problem
        generated = os.path.join(tmp, "generated.go")
        with open(generated, "wb") as f:
            f.write(out)
        r = harness.run([self.goo, "check", "--all-errors", "--external", generated], COMPILE_TIMEOUT)
        return self.error_outcome(r, [generated])

    # A *dir test is a folder X.dir of packages that import each other as ./NAME, where NAME is the first file of a
    # package. They are laid out as a module, each package in a folder with links to all the others.
    def lay_out(self, test, tmp):
        groups, by_package = collections.OrderedDict(), {}
        for path in test.dir_files():
            with open(path, encoding="utf-8", errors="replace") as f:
                m = re.search(r"^package\s+(\w+)", f.read(), re.M)
            package = path if "-s" in test.flags or not m else m.group(1)
            key = by_package.setdefault(package, os.path.splitext(os.path.basename(path))[0])
            groups.setdefault(key, []).append(path)
        with open(os.path.join(tmp, "go.mod"), "w") as f:
            f.write("module test\n" + "".join("go %s\n" % a[8:] for a in test.flags if a.startswith("-lang=go")))
        for key, paths in groups.items():
            os.mkdir(os.path.join(tmp, key))
            for p in paths:
                name = re.sub(r"_test\.go$", "_tests.go", os.path.basename(p))  # gc is given files, and does not care
                shutil.copy(p, os.path.join(tmp, key, name))
        for key in groups:
            for other in groups:
                if other != key:
                    os.symlink(os.path.join(tmp, other), os.path.join(tmp, key, other))
        return groups

    def do_dir(self, test, tmp, run):
        groups = self.lay_out(test, tmp)
        mains = [k for k, paths in groups.items() if re.search(r"^package main\b", open(paths[0]).read(), re.M)]
        last = mains[-1] if mains else list(groups)[-1]
        if run:
            out, problem = self.build_and_run([os.path.join(tmp, last)], [], ("--external",), tmp)
            return problem or self.check_output(test, out)
        for key in groups:
            r = self.compile_only(os.path.join(tmp, key), tmp)
            if r.status:
                return self.problem(r)
        return Outcome("pass", "")

    def do_rundir(self, test, tmp):
        return self.do_dir(test, tmp, True)

    def do_compiledir(self, test, tmp):
        return self.do_dir(test, tmp, False)

    def do_errorcheckdir(self, test, tmp):
        groups = self.lay_out(test, tmp)
        last = list(groups)[-1]
        r = harness.run([self.goo, "check", "--all-errors", "--external", os.path.join(tmp, last)], COMPILE_TIMEOUT)
        return self.error_outcome(r, [p for paths in groups.values() for p in paths])

    def run_test(self, test):
        if test.kind in FOREIGN_KINDS:
            return skip(FOREIGN_KINDS[test.kind])
        method = getattr(self, "do_" + test.kind, None)
        if not method:
            return skip("no test header" if test.kind == "none" else "unknown kind " + test.kind)
        if test.constraint and not constraint_holds(test.constraint):
            return skip("for other systems")
        if "fieldtrack" in test.args:
            return skip("asks for Go's experiment fieldtrack")
        foreign = [a for a in test.flags if FOREIGN_FLAGS.match(a)]
        if foreign and test.kind.startswith("errorcheck") and not test.checks_escape():
            return skip("asks for gc itself (%s)" % foreign[0])
        with tempfile.TemporaryDirectory() as tmp:
            return method(test, tmp)


# ---- scoreboard ----

def load_expected():
    table = {}
    if os.path.exists(EXPECTED):
        with open(EXPECTED) as f:
            for line in f:
                line = line.split("#")[0].strip()
                if line:
                    state, name = line.split(None, 1)
                    table[name] = state
    return table


def first_reason(detail):
    """The first line of what went wrong, without folders."""
    line = detail.strip().splitlines()[0] if detail.strip() else "fails"
    return re.sub(r"(^|\s)/\S*/", r"\1", line)[:110].replace("#", "")


def write_expected(results):
    old, states = {}, load_expected()
    if os.path.exists(EXPECTED):
        with open(EXPECTED) as f:
            for line in f:
                if "#" in line and line.split("#")[0].split():
                    old[line.split("#")[0].split()[1]] = line.split("#", 1)[1].strip()
    with open(EXPECTED, "w") as f:
        f.write("# Tests of Go's test folder that are known not to pass: state, file, reason. Made by run.py --update.\n")
        for test, outcome in results:
            varies = states.get(test.name) == "varies"
            if varies or outcome.state in ("fail", "crash"):
                reason = old.get(test.name) or first_reason(outcome.detail)
                f.write("%s %s # %s\n" % ("varies" if varies else outcome.state, test.name, reason))


def print_scoreboard(results, escape_lines):
    table = collections.OrderedDict()
    for test, outcome in results:
        table.setdefault(test.kind, collections.Counter())[outcome.state] += 1
    print("%-18s %6s %6s %6s %6s" % ("kind", "pass", "fail", "crash", "skip"))
    for kind, c in sorted(table.items()):
        print("%-18s %6d %6d %6d %6d" % (kind, c["pass"], c["fail"], c["crash"], c["skip"]))
    core = [o.state for t, o in results if t.is_core()]
    if core:
        passed = core.count("pass")
        print("core run tests (no imports, generics): %d of %d pass (%.1f%%)" % (passed, len(core), 100.0 * passed / len(core)))
    plain = [o.state for t, o in results if t.is_plain_run() and o.state != "skip"]
    if plain:
        passed = plain.count("pass")
        print("plain run tests (all but those that run the go command): %d of %d pass (%.1f%%)" % (passed, len(plain), 100.0 * passed / len(plain)))
    lines = sum(escape_lines.values())
    if lines:
        print("lines about escape analysis: %d of %d as in Go (%.1f%%)" % (escape_lines["right"], lines, 100.0 * escape_lines["right"] / lines))
    reasons = collections.Counter(o.detail for _, o in results if o.state == "skip")
    for reason, n in reasons.most_common():
        print("  skipped %5d: %s" % (n, reason))


def judge(results):
    """Compares with the list of known failures ("varies": fails now and then); returns the number of surprises."""
    expected, surprises = load_expected(), 0
    for test, outcome in results:
        known = expected.get(test.name)
        if known == "varies":
            continue
        if outcome.state in ("fail", "crash") and (known is None or (outcome.state == "crash" and known == "fail")):
            surprises += 1
            print("REGRESSION %s: %s: %s" % (test.name, outcome.state, outcome.detail[:600]))
        elif outcome.state == "pass" and known:
            surprises += 1
            print("UNLISTED PASS %s: strike it off %s" % (test.name, os.path.basename(EXPECTED)))
    return surprises


def find_tests(root, only):
    for folder in FOLDERS:
        place = os.path.join(root, folder)
        if not os.path.isdir(place):
            continue
        for name in sorted(os.listdir(place)):
            relative = os.path.join(folder, name) if folder else name
            if name.endswith(".go") and (not only or re.search(only, relative)):
                yield Test(root, relative)


def main():
    parser = argparse.ArgumentParser(description="Go's test folder against Goo")
    parser.add_argument("--update", action="store_true", help="rewrite the list of known failures")
    parser.add_argument("--list", action="store_true", help="print every test's outcome")
    parser.add_argument("--core", action="store_true", help="only the core run tests")
    parser.add_argument("--levels", help="levels of optimisation, as digits: the tests that run a program, at each")
    parser.add_argument("--only", help="tests whose name matches this regular expression")
    parser.add_argument("goo")
    parser.add_argument("goroot")
    args = parser.parse_args()
    root = os.path.join(args.goroot, "test")
    if not os.path.isdir(root):
        harness.die("no test folder in " + args.goroot)
    if args.levels and args.update:
        harness.die("--update needs the usual level")
    tests = [t for t in find_tests(root, args.only) if not args.core or t.is_core()]
    surprises = 0
    for level in args.levels or [None]:
        if level:
            tests = [t for t in tests if t.kind in RUN_KINDS]
            print("at -O%s:" % level)
        surprises += run_all(Runner(os.path.abspath(args.goo), root, level), tests, args)
    return 1 if surprises else 0


def run_all(runner, tests, args):
    """Returns the number of surprises."""
    results = list(zip(tests, harness.parallel(runner.run_test, tests, os.cpu_count() or 1)))
    if args.list:
        for test, outcome in results:
            print("%-6s %-14s %s%s" % (outcome.state, test.kind, test.name, ": " + outcome.detail[:300].replace("\n", " | ") if outcome.detail else ""))
    print_scoreboard(results, runner.escape_lines)
    if args.update:
        write_expected(results)
        return 0
    surprises = judge(results)
    print("conformance: %d passed, %d failed" % (sum(o.state == "pass" for _, o in results), surprises))
    return surprises


sys.exit(main())
