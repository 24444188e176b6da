"""What tests of the goo command share: a folder to run it in, cases, and how they are run and counted.

A test file has functions marked with @case that take a Box, and ends with sys.exit(run_cases(NAME)). Its first
argument is the goo command.
"""

import os
import stat
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness

GOO = os.path.abspath(sys.argv[1])
CASES = []


def case(function):
    CASES.append(function)
    return function


class Failure(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failure(message)


class Box:
    """A temporary folder in which goo runs, with a cache of its own or the user's, which has the library."""

    def __init__(self, folder, own_cache=True):
        self.folder = folder
        self.limit = 60 if own_cache else 900  # the first that needs the library waits for it
        self.env = dict(os.environ, TMPDIR=os.path.join(folder, ".tmp"))
        if own_cache:
            self.env["GOO_CACHE"] = os.path.join(folder, ".cache")
        os.mkdir(self.env["TMPDIR"])

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def goo(self, *args, stdin=b"", folder="."):
        r = harness.run([GOO, *args], self.limit, cwd=os.path.join(self.folder, folder), stdin=stdin, env=self.env)
        expect(not r.timed_out, "time-out")
        expect(not os.listdir(self.env["TMPDIR"]), "temporary files left behind: %s" % os.listdir(self.env["TMPDIR"]))
        return r

    def fails(self, status, text, *args):
        """goo ARGS must exit with status and say text in one line (or a diagnostic), and print nothing else."""
        r = self.goo(*args)
        err = r.err.decode()
        expect(r.status == status, "exit status %d, expected %d: %s" % (r.status, status, err))
        expect(text in err, "%r not in %r" % (text, err))
        expect(r.out == b"", "output on failure: %r" % r.out)
        return err

    def files(self):
        return sorted(n for n in os.listdir(self.folder) if not n.startswith("."))


def run_cases(name, own_cache=True):
    failed = 0
    for function in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(Box(folder, own_cache))
            except Failure as f:
                failed += 1
                print("FAIL %s: %s" % (function.__name__, f))
            for root, dirs, _ in os.walk(folder):
                for d in dirs:
                    os.chmod(os.path.join(root, d), stat.S_IRWXU)
    print("%s: %d passed, %d failed" % (name, len(CASES) - failed, failed))
    return 1 if failed else 0
