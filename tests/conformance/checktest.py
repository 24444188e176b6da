#!/usr/bin/env python3
"""Runs the check tests of Go's own type checkers against goo check and writes a scoreboard.

The files are read where Go's source is: internal/types/testdata. A comment /* ERROR "text" */ or /* ERRORx "regexp" */
(also with //) says that an error containing the text is reported on the line of the token before the comment; every
error that is reported must be marked. A folder of files is one package. The first line of a file may hold flags
(-lang=go1.N, -gotypesalias=0 ...).

Go's test harness declares a built-in function assert, whose constant argument must be true. It becomes a map literal
here, which has a duplicate key when the condition is the constant false (a conversion to bool where a value is needed).

As gc does, goo prints equal messages of one line once: it meets every mark of the line with the same pattern.

checks.txt lists the lines that are known to differ, with a reason each. A line where an error is marked but not
reported, or reported but not marked, and which is not listed is a regression; a listed one that does not differ must
be struck off; both make this program exit with 1.

Usage: checktest.py [--update] [--list] [--only REGEXP] GOO GOROOT
"""

import argparse
import ast
import collections
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = os.path.join(HERE, "checks.txt")
TESTDATA = os.path.join("src", "internal", "types", "testdata")
FOLDERS = ["check", "examples", "fixedbugs", "spec"]
TIMEOUT = 60
# gc reports some errors outside of its type checker, in words of its own, and goo says what gc says.
GC_WORDING = [(re.compile(pattern), text) for pattern, text in [
    (r"^label (\w+) defined and not used$", r"label \1 declared and not used"),
    (r"^label (\w+) already defined at .*", r"label \1 already declared"),
    (r"^label (\w+) not defined$", r"label \1 not declared"),
    (r"^(break|continue) label not defined: (\w+)$", r"invalid \1 label \2"),
    (r"^goto (\w+) jumps over declaration of \w+ at .*:(\d+):\d+$", r"goto \1 jumps over variable declaration at line \2"),
    (r"^package (\S+) is not in std$", r"could not import \1")]]
GC_ONLY = re.compile(r"^invalid recursive type: anonymous interface refers to itself")
# What cannot be asked of another compiler.
FOREIGN_FLAGS = {"-gotypesalias=0": "asks for the representation of aliases before Go 1.23", "-fakeImportC": "asks for a fake package C"}

Outcome = collections.namedtuple("Outcome", "test marked missing problems skipped")  # problems: [("file:line", what)]
TOKEN = re.compile(r'''(?P<space>[ \t\r\n]+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
                       |(?P<word>\w+)|(?P<sign><<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|[=!<>+\-*/%&|^:]=|<<|>>|&\^|.)''', re.S | re.X)
MARK = re.compile(r"^(?://|/\*) (ERRORx?) (.*?)(?:\*/)?$", re.S)


def tokens(text):
    """The (kind, text, offset, line) of all tokens and comments, without white space."""
    line = 1
    for m in TOKEN.finditer(text):
        if m.lastgroup != "space":
            yield m.lastgroup, m.group(), m.start(), line
        line += m.group().count("\n")


def marks(text):
    """The (line, pattern) of all ERROR comments; patterns are compiled."""
    found, line = [], 0
    for kind, lexeme, _, at in tokens(text):
        m = MARK.match(lexeme) if kind == "comment" else None
        if m:
            found.append((line, compile_pattern(m.group(1), m.group(2).strip())))
        elif kind != "comment":
            line = at
    return found


def compile_pattern(kind, quoted):
    wanted = quoted[1:-1] if quoted.startswith("`") else ast.literal_eval(quoted)
    return harness.go_regexp(wanted) if kind == "ERRORx" else re.compile(re.escape(wanted))


def replace_asserts(text):
    """Writes calls of assert in terms of the language; a file that declares or breaks them is left alone."""
    out, end, depth, closing = [], 0, 0, []
    before = second = ""
    for kind, lexeme, at, line in tokens(text):
        if kind == "comment":
            continue
        if lexeme == "(":
            depth += 1
            if before == "assert" and second not in ("func", "."):
                statement = second in ("", ";", "{", "}", ")", "\n")
                start = out_start
                out.append(text[end:start] + ("_ = map[bool]int{false: 0, (" if statement else "bool("))
                end = at + 1
                closing.append((depth, "): 1}" if statement else ")"))
        elif lexeme == ")":
            if closing and closing[-1][0] == depth:
                out.append(text[end:at] + closing.pop()[1])
                end = at + 1
            depth -= 1
        if lexeme == "assert":
            out_start = at
            second = "\n" if line != last_line else before
        before, last_line = lexeme, line
    return "".join(out) + text[end:]


class Test:
    """One package of check tests: a file, or a folder of files."""

    def __init__(self, root, name):
        self.name, path = name, os.path.join(root, name)
        self.paths = [path] if path.endswith(".go") else sorted(os.path.join(path, n) for n in os.listdir(path))
        self.texts = [open(p, encoding="utf-8", errors="surrogateescape").read() for p in self.paths]
        first = self.texts[0].split("\n", 1)[0]
        self.flags = first[2:].split() if re.match(r"//\s*-", first) else []

    def foreign(self):
        return next((FOREIGN_FLAGS[f] for f in self.flags if f in FOREIGN_FLAGS), None)

    def options(self):
        return ["--lang=" + f[len("-lang="):] for f in self.flags if f.startswith("-lang=")]

    def experiment(self):
        return next((f.split("=")[1] for f in self.flags if f.startswith("-goexperiment=")), "")

    def place(self, name):
        """How a file of the test is named in the list of differences."""
        return self.name if len(self.paths) == 1 else os.path.join(self.name, name)


class Runner:
    def __init__(self, goo):
        self.goo = goo

    def check(self, test):
        """Runs goo check on copies of the files, whose asserts are replaced."""
        with tempfile.TemporaryDirectory() as tmp:
            copies = [os.path.join(tmp, os.path.basename(p)) for p in test.paths]
            for copy, text in zip(copies, test.texts):
                with open(copy, "w", encoding="utf-8", errors="surrogateescape") as f:
                    f.write(replace_asserts(text))
            argv = [self.goo, "check", "--all-errors", "--keep-going", "--external", *test.options(), *copies]
            return harness.run(argv, TIMEOUT, env=dict(os.environ, GOEXPERIMENT=test.experiment()))

    def run_test(self, test):
        if test.foreign():
            return Outcome(test, 0, 0, [], test.foreign())
        expected = collections.OrderedDict()
        for path, text in zip(test.paths, test.texts):
            for line, pattern in marks(text):
                expected.setdefault((os.path.basename(path), line), []).append(pattern)
        marked = sum(map(len, expected.values()))
        r = self.check(test)
        if r.crashed():
            text = r.err.decode("utf-8", "replace").strip()
            return Outcome(test, marked, marked, [(test.place(""), "crash: " + (text or "time-out"))], None)
        missing, problems = compare(expected, harness.reported_errors(r.err))
        return Outcome(test, marked, missing, [("%s:%d" % (test.place(name), line), what) for name, line, what in problems], None)


def compare(expected, reported):
    """The number of marks without an error, and the sorted (file, line, what) of these and of errors without a mark."""
    problems, missing, met = [], 0, set()
    for name, line, message in reported:
        if GC_ONLY.search(message):
            continue
        for pattern, text in GC_WORDING:
            message = pattern.sub(text, message)
        patterns = expected.get((name, line), [])
        match = next((p for p in patterns if p.search(message)), None)
        if match:
            patterns.remove(match)
            met.add((name, line, match.pattern))
        else:
            problems.append((name, line, "not marked: " + message))
    for (name, line), patterns in expected.items():
        left = [p.pattern for p in patterns if (name, line, p.pattern) not in met]
        missing += len(left)
        problems += [(name, line, "not reported: " + p) for p in left]
    return missing, sorted(problems)


# ---- scoreboard ----

def load_expected():
    """The known differences: place -> reason."""
    table = {}
    with open(EXPECTED) as f:
        for line in f:
            place, _, reason = line.partition("#")
            if place.strip():
                table[place.strip()] = reason.strip()
    return table


def write_expected(results):
    known = load_expected()
    with open(EXPECTED, "w") as f:
        f.write("# Lines of the check tests of Go's type checkers where goo is known to differ, and why. Made by checktest.py --update.\n")
        seen = set()
        for outcome in results:
            for place, what in outcome.problems:
                if place not in seen:
                    f.write("%s # %s\n" % (place, known.get(place) or what.splitlines()[0][:110]))
                seen.add(place)


def judge(results, whole):
    """Compares with the known differences; returns the number of surprises. whole: all tests were run."""
    known, surprises, seen = load_expected(), 0, set()
    for outcome in results:
        for place, what in outcome.problems:
            seen.add(place)
            if place not in known:
                surprises += 1
                print("REGRESSION %s: %s" % (place, what))
    for place in known:
        if whole and place not in seen:
            surprises += 1
            print("UNLISTED PASS %s: strike it off %s" % (place, os.path.basename(EXPECTED)))
    return surprises


def print_scoreboard(results):
    print("%-10s %6s %6s %9s %9s" % ("folder", "files", "clean", "marks", "reported"))
    for folder in FOLDERS:
        own = [r for r in results if r.test.name.startswith(folder + os.sep) and not r.skipped]
        marked, missing = sum(r.marked for r in own), sum(r.missing for r in own)
        print("%-10s %6d %6d %9d %9d" % (folder, len(own), sum(not r.problems for r in own), marked, marked - missing))
    marked, missing = sum(r.marked for r in results), sum(r.missing for r in results)
    extra = sum(what.startswith("not marked") for r in results for _, what in r.problems)
    if marked:
        print("%.2f%% of the marked errors are reported; %d reports are not marked" % (100.0 * (marked - missing) / marked, extra))
    for reason, n in collections.Counter(r.skipped for r in results if r.skipped).most_common():
        print("  skipped %5d: %s" % (n, reason))


def find_tests(root, only):
    for folder in FOLDERS:
        for name in sorted(os.listdir(os.path.join(root, folder))):
            path = os.path.join(folder, name)
            if (name.endswith(".go") or os.path.isdir(os.path.join(root, path))) and (not only or re.search(only, path)):
                yield Test(root, path)


def main():
    parser = argparse.ArgumentParser(description="The check tests of Go's type checkers against goo check")
    parser.add_argument("--update", action="store_true", help="rewrite the list of known differences")
    parser.add_argument("--list", action="store_true", help="print every difference")
    parser.add_argument("--only", help="tests whose name matches this regular expression")
    parser.add_argument("goo")
    parser.add_argument("goroot")
    args = parser.parse_args()
    root = os.path.join(args.goroot, TESTDATA)
    if not os.path.isdir(root):
        harness.die("no check tests in " + args.goroot)
    tests = list(find_tests(root, args.only))
    results = list(harness.parallel(Runner(os.path.abspath(args.goo)).run_test, tests, os.cpu_count() or 1))
    for outcome in results if args.list else []:
        for place, what in outcome.problems:
            print("%s: %s" % (place, what))
    print_scoreboard(results)
    if args.update:
        write_expected(results)
        return 0
    surprises = judge(results, not args.only)
    print("checks: %d passed, %d failed" % (sum(not r.problems and not r.skipped for r in results), surprises))
    return 1 if surprises else 0


sys.exit(main())
