#!/usr/bin/env python3
"""Go's standard library against Goo: which packages compile, and which of their own tests pass.

Runs `goo test -short -v` on each package and compares every test's result with expected.txt beside this file, whose
lines are

    fail PACKAGE TEST # reason     the test runs and fails
    skip PACKAGE TEST # reason     the test is not run: it would end the program, or take too long
    varies PACKAGE TEST # reason   the test fails now and then
    build PACKAGE # reason         the package's tests do not compile

A failure that is not listed is a regression; a listed one that passes has to be struck off. --update rewrites the list
for the packages that ran, and their lines in scoreboard.md, the table of all packages.

Usage: tests/std/scoreboard.py [--ci | --only REGEXP] [--compile] [--update] [--timeout SECONDS] GOO GOROOT
"""

import argparse
import collections
import os
import re
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import harness

EXPECTED = os.path.join(HERE, "expected.txt")
BOARD = os.path.join(HERE, "scoreboard.md")
BUILD_TIMEOUT = 1800
# What continuous integration runs: packages that need little compiling.
CI = """bufio bytes cmp container/heap container/list container/ring context encoding/base64 encoding/binary encoding/hex
errors fmt html io iter maps math math/bits path path/filepath regexp/syntax slices sort strconv strings sync sync/atomic
text/scanner text/tabwriter unicode unicode/utf16 unicode/utf8""".split()
RESULT = re.compile(r"^--- (PASS|FAIL|SKIP): (\S+)", re.M)
STARTED = re.compile(r"^=== RUN   ([^\s/]+)$", re.M)
NO_PACKAGE = re.compile(r"build constraints exclude all|no source files in this folder")


class Outcome:
    """What became of one package: tests maps names to "pass", "fail", "skip"; text is what was printed."""

    def __init__(self, package, compiles, tests, text, seconds):
        self.package, self.compiles, self.tests, self.text, self.seconds = package, compiles, tests, text, seconds

    def count(self, state):
        return sum(s == state for s in self.tests.values())


def load_expected():
    table = collections.OrderedDict()
    if os.path.exists(EXPECTED):
        with open(EXPECTED) as f:
            for line in f:
                entry, _, reason = line.partition("#")
                words = entry.split()
                if words:
                    table[words[1], words[2] if len(words) > 2 else ""] = (words[0], reason.strip())
    return table


def find_packages(goroot):
    src = os.path.join(goroot, "src")
    for folder, names, files in os.walk(src, followlinks=True):
        names[:] = sorted(n for n in names if n not in ("testdata", "cmd") and n[0] not in "._")
        package = os.path.relpath(folder, src)
        if package != "." and any(n.endswith(".go") for n in files):
            yield package


# ---- running ----

class Runner:
    def __init__(self, args, expected):
        self.args, self.expected = args, expected
        self.goo = os.path.abspath(args.goo)
        self.env = dict(os.environ, GOROOT=os.path.realpath(args.goroot))  # which tests of the library ask for

    def compile_only(self, package, tmp):
        r = harness.run([self.goo, "test", "-c", "-o", os.path.join(tmp, "out.test"), package], BUILD_TIMEOUT, merge=True, env=self.env)
        return Outcome(package, r.status == 0, {}, r.out.decode("utf-8", "replace"), 0)

    def run_package(self, package):
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as tmp:
            outcome = self.compile_only(package, tmp)
            exe = os.path.join(tmp, "out.test")
            if outcome.compiles and os.path.exists(exe) and not self.args.compile:
                self.run_tests(outcome, exe)
        outcome.seconds = time.monotonic() - start
        return outcome

    def run_tests(self, outcome, exe):
        """Runs the test program, without the tests that are not to be run; one that ends the program failed."""
        left_out = [test for (p, test), (state, _) in self.expected.items() if p == outcome.package and state == "skip"]
        flags = ["-test.v", "-test.short", "-test.paniconexit0", "-test.timeout=%ds" % self.args.timeout]
        if left_out:
            flags.append("-test.skip=^(%s)$" % "|".join(re.escape(t) for t in left_out))
        folder = os.path.join(self.env["GOROOT"], "src", outcome.package)
        r = harness.run([exe, *flags], self.args.timeout + 30, cwd=folder, merge=True, env=dict(self.env, PWD=folder))
        outcome.text = r.out.decode("utf-8", "replace")
        for state, test in RESULT.findall(outcome.text):
            outcome.tests[test] = state.lower()
        if r.status:
            unfinished = [t for t in STARTED.findall(outcome.text) if t not in outcome.tests]
            for test in unfinished or ([] if outcome.count("fail") else ["(program)"]):
                outcome.tests[test] = "fail"


# ---- judging ----

def reason_of(outcome, test):
    """The first line that a failing test printed, or why the program ended."""
    m = re.search(r"^=== RUN   %s$\n(?:    )?(.*)" % re.escape(test), outcome.text, re.M)
    ended = re.search(r"^(panic: .*|fatal error: .*|SIG.*|unexpected fault.*)", outcome.text, re.M)
    line = ended.group(1) if ended and not re.search(r"^--- FAIL: %s " % re.escape(test), outcome.text, re.M) else m.group(1) if m else "fails"
    return re.sub(r"(^|[\s\"])/\S*/", r"\1", line).replace("#", "")[:110].strip()


def build_error(outcome):
    lines = [l for l in outcome.text.splitlines() if l.strip() and not l.startswith(("#", "FAIL"))]
    return re.sub(r"(^|\s)/\S*/", r"\1", lines[0])[:110].replace("#", "") if lines else "does not build"


def judge(outcome, expected):
    """The surprises about one package, as lines."""
    known = {test: state for (p, test), (state, _) in expected.items() if p == outcome.package}
    if not outcome.compiles:
        return [] if known.get("") == "build" else ["REGRESSION %s does not compile: %s" % (outcome.package, build_error(outcome))]
    surprises = ["UNLISTED PASS %s compiles: strike it off" % outcome.package] if known.get("") == "build" else []
    for test, state in outcome.tests.items():
        if state == "fail" and known.get(test) not in ("fail", "varies"):
            surprises.append("REGRESSION %s %s: %s" % (outcome.package, test, reason_of(outcome, test)))
        if state == "pass" and known.get(test) == "fail":
            surprises.append("UNLISTED PASS %s %s: strike it off" % (outcome.package, test))
    return surprises


def updated(outcomes, expected):
    """The list of known failures with the outcomes put in: reasons and tests that were not run stay."""
    table = collections.OrderedDict(expected)
    for o in outcomes:
        for key in [k for k in table if k[0] == o.package and table[k][0] not in ("skip", "varies")]:
            if o.tests or not o.compiles or key[1] == "":
                del table[key]
        found = {"": ("build", build_error(o))} if not o.compiles else {t: ("fail", reason_of(o, t)) for t, s in o.tests.items() if s == "fail"}
        for test, entry in found.items():
            key = (o.package, test)
            if table.get(key, ("",))[0] not in ("skip", "varies"):
                old = expected.get(key)
                table[key] = old if old and old[0] == entry[0] else entry
    return table


def write_expected(table):
    with open(EXPECTED, "w") as f:
        f.write("# Tests of Go's library that are known not to pass: state, package, test, reason. See scoreboard.py.\n")
        for (package, test), (state, reason) in sorted(table.items()):
            f.write("%s %s%s # %s\n" % (state, package, " " + test if test else "", reason))


# ---- the table of all packages ----

ROW = re.compile(r"^\| (\S+) \| (yes|no) \| (\d+) \| (\d+) \| (\d+) \|$", re.M)
HEAD = """# Go's standard library, compiled by Goo

%d packages of Go 1.23's standard library, %d of which compile. Of their own tests, run with `-short` as Go's all.bash
runs them, %d pass, %d fail and %d skip themselves; subtests count as parts of their test. Package runtime and those below
it are Goo's own. A row is of the last time that its package was run with `tests/std/scoreboard.py --update`; why a test
fails or is not run is said in [expected.txt](expected.txt), and below.

| package | compiles | passed | failed | skipped |
|---|---|---|---|---|
"""


def load_board():
    if not os.path.exists(BOARD):
        return {}
    with open(BOARD) as f:
        return {m[0]: (m[1], *map(int, m[2:])) for m in ROW.findall(f.read())}


def write_board(outcomes, expected):
    """Puts the outcomes into the table. A test that now and then fails counts as one that passes."""
    board = load_board()
    for o in outcomes:
        varies = sum(s == "fail" and expected.get((o.package, t), ("",))[0] == "varies" for t, s in o.tests.items())
        board[o.package] = ("yes" if o.compiles else "no", o.count("pass") + varies, o.count("fail") - varies, o.count("skip"))
    rows = list(board.values())
    with open(BOARD, "w") as f:
        f.write(HEAD % (len(rows), sum(r[0] == "yes" for r in rows), *(sum(r[i] for r in rows) for i in (1, 2, 3))))
        for package, row in sorted(board.items()):
            f.write("| %s | %s | %d | %d | %d |\n" % (package, *row))
        f.write("\n## What does not pass\n\n| package | test | | why |\n|---|---|---|---|\n")
        states = {"fail": "fails", "skip": "not run", "varies": "fails now and then", "build": "does not compile"}
        for (package, test), (state, reason) in sorted(expected.items()):
            f.write("| %s | %s | %s | %s |\n" % (package, test, states[state], reason.replace("|", "\\|")))


def main():
    parser = argparse.ArgumentParser(description="the tests of Go's library")
    parser.add_argument("--ci", action="store_true", help="only the packages that continuous integration runs")
    parser.add_argument("--only", help="packages whose path matches this regular expression as a whole")
    parser.add_argument("--compile", action="store_true", help="compile the tests, run nothing")
    parser.add_argument("--update", action="store_true", help="rewrite the list of known failures for the packages that ran")
    parser.add_argument("--timeout", type=int, default=180, help="seconds for the tests of a package")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--log", help="folder for what each package printed")
    parser.add_argument("goo")
    parser.add_argument("goroot")
    args = parser.parse_args()
    expected = load_expected()
    packages = CI if args.ci else [p for p in find_packages(args.goroot) if not args.only or re.fullmatch(args.only, p)]
    runner, outcomes, surprises = Runner(args, expected), [], []
    print("%-34s %-8s %6s %6s %6s %8s" % ("package", "compiles", "pass", "fail", "skip", "seconds"))
    for o in harness.parallel(runner.run_package, packages, args.jobs):
        if NO_PACKAGE.search(o.text):
            continue
        print("%-34s %-8s %6d %6d %6d %8.1f" % (o.package, "yes" if o.compiles else "NO", o.count("pass"), o.count("fail"), o.count("skip"), o.seconds), flush=True)
        if args.log:
            os.makedirs(args.log, exist_ok=True)
            with open(os.path.join(args.log, o.package.replace("/", "_")), "w") as f:
                f.write(o.text)
        outcomes.append(o)
        found = [] if args.update else judge(o, expected)
        surprises += found
        for line in found:
            print(line, flush=True)
        if args.update:
            expected = updated([o], expected)
            write_expected(expected)
            write_board([o], expected)
    passed, skipped = (sum(o.count(s) for o in outcomes) for s in ("pass", "skip"))
    known = sum(o.count("fail") for o in outcomes) - sum(s.startswith("REGRESSION") for s in surprises)
    print("%d packages, %d compile; of their tests %d passed, %d skipped themselves, %d failed as listed" % (
        len(outcomes), sum(o.compiles for o in outcomes), passed, skipped, max(known, 0)))
    print("std: %d passed, %d failed" % (passed, len(surprises)))
    return 1 if surprises else 0


sys.exit(main())
