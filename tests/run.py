#!/usr/bin/env python3
"""Runs Goo's own tests: every .go and .goo file below tests/ whose first line is one of

    // run [arguments]    compiles and runs it; must exit with 0 and print what the trailing comment says
    // panic              compiles and runs it; must exit with 2 and its standard error contain the trailing comment's lines
    // exit N             like run, with exit status N
    // compile            must compile
    // errorcheck         must report exactly the errors of its // ERROR "regexp" comments
    // errorcheck -m      must say exactly that of escape analysis, with inlining off

A second line "// stress" has a run test run at all levels, and once more with a collection at every third allocation,
freed memory overwritten and all marks verified.

The expected output is the last /* ... */ or // Output: comment of the file. Files below examples/ are run tests too.
Usage: tests/run.py [--levels=0123] [--no-stress] GOO [PATH...]
--no-stress takes tests with "// stress" for ordinary ones.
"""

import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIMEOUT = 180
may_stress = True
levels = "02"  # of optimisation: what GCC leaves alone, and what it transforms
LIBRARY_TIMEOUT = 900  # the first test that imports Go's library waits until that is compiled
KINDS = ("run", "panic", "exit", "compile", "errorcheck")


def header(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        line = f.readline()
        if line.startswith("#!"):
            line = f.readline()
    words = line[2:].split() if line.startswith("//") else []
    return words if words and words[0] in KINDS else None


def expected_output(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    m = re.search(r"/\*\n?(.*?)\*/\s*$", text, re.S)
    if m:
        return m.group(1)
    m = re.search(r"// Output:\n((?://.*\n?)*)\s*$", text)
    return re.sub(r"(?m)^// ?", "", m.group(1)) if m else ""


def check_output(path, got):
    want = expected_output(path)
    if got.decode("utf-8", "replace").rstrip() != want.rstrip():
        return "output differs\n--- want\n%s\n--- got\n%s" % (want.rstrip(), got.decode("utf-8", "replace").rstrip())
    return None


STRESS = {"GOODEBUG": "gcstress=3,gcpoison=1,gcverify=1"}


def wants_stress(path):
    if not may_stress:
        return False
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.readline() and f.readline().startswith("// stress")


def run_program(goo, path, args, level, status, env=None):
    limit = LIBRARY_TIMEOUT if os.sep + "std" + os.sep in path else TIMEOUT
    r = harness.run([goo, "run", "--no-cache", "-O", level, path] + args, limit, merge=True, env=env)
    if r.status != status:
        return "exit status %d, expected %d\n%s" % (r.status, status, r.out.decode("utf-8", "replace"))
    if status == 2:
        got = r.out.decode("utf-8", "replace")
        missing = [w for w in expected_output(path).splitlines() if w.strip() and w.strip() not in got]
        return "missing in output: %s\n%s" % (missing[0], got) if missing else None
    return check_output(path, r.out)


def explain(goo, path):
    """Runs the compiler with -m. What imported functions do with their arguments takes compiling them."""
    with open(path, encoding="utf-8") as f:
        emit = [] if re.search(r"^import\b", f.read(), re.M) else ["--emit=ir"]
    with tempfile.TemporaryDirectory() as tmp:
        return harness.run([goo, "build", "-m", "-O0", "--external", *emit, "-o", os.path.join(tmp, "out"), path], LIBRARY_TIMEOUT)


def error_check(goo, path, flags):
    r = explain(goo, path) if "-m" in flags else harness.run([goo, "check", "--all-errors", path], TIMEOUT)
    if r.crashed():
        return "compiler crash\n" + r.err.decode("utf-8", "replace")
    if r.status == 0 and "-m" not in flags:  # some errors are found by lowering
        r = harness.run([goo, "build", "--emit=ir", "-o", "/dev/null", path], TIMEOUT)
    expected = {}
    name = os.path.basename(path)
    for line, text in harness.expected_errors(path, name):
        expected.setdefault((name, line), []).append(text)
    problems = harness.compare_errors(expected, harness.reported_errors(r.err))
    return "\n".join(problems) or (None if expected else "no ERROR comments")


def compile_only(goo, path):
    with tempfile.TemporaryDirectory() as tmp:
        r = harness.run([goo, "build", "-o", os.path.join(tmp, "out"), path], TIMEOUT)
        return None if r.status == 0 else r.err.decode("utf-8", "replace")


def run_test(goo, path):
    """None when the test passes, otherwise what went wrong."""
    words = header(path)
    if words[0] == "errorcheck":
        return error_check(goo, path, words[1:])
    if words[0] == "compile":
        return compile_only(goo, path)
    status = {"run": 0, "panic": 2}.get(words[0])
    if status is None:
        status = int(words[1])
    args = words[1:] if words[0] == "run" else []
    stress = wants_stress(path)
    for level in "0123" if stress else levels:
        problem = run_program(goo, path, args, level, status)
        if problem:
            return "at -O%s: %s" % (level, problem)
    problem = run_program(goo, path, args, "2", status, dict(os.environ, **STRESS)) if stress else None
    return "under stress: " + problem if problem else None


def find_tests(places):
    for place in places:
        if os.path.isfile(place):
            if not header(place):
                harness.die("%s is no test: its first line is none of // %s" % (place, ", ".join(KINDS)))
            yield place
        elif not os.path.isdir(place):
            harness.die("%s: no such file or folder" % place)
        for folder, _, names in sorted(os.walk(place)):
            if "/conformance" in folder or "/fuzz" in folder:
                continue
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith((".go", ".goo")) and header(path):
                    yield path


def main():
    global levels, may_stress
    while len(sys.argv) > 1 and sys.argv[1].startswith("--"):
        option = sys.argv.pop(1)
        if option == "--no-stress":
            may_stress = False
        else:
            levels = option.partition("=")[2]
    if len(sys.argv) < 2:
        harness.die(__doc__)
    goo = os.path.abspath(sys.argv[1])
    places = sys.argv[2:] or [os.path.join(ROOT, "tests"), os.path.join(ROOT, "examples")]
    tests = list(find_tests(places))
    failed = 0
    for path, problem in zip(tests, harness.parallel(lambda t: run_test(goo, t), tests, os.cpu_count() or 1)):
        if problem:
            failed += 1
            print("FAIL %s\n    %s" % (os.path.relpath(path, ROOT), problem.rstrip().replace("\n", "\n    ")))
    print("own tests: %d passed, %d failed" % (len(tests) - failed, failed))
    sys.exit(1 if failed else 0)


main()
