"""What both test runners share: running commands with limits, and matching reported errors with ERROR comments."""

import concurrent.futures
import os
import re
import resource
import signal
import subprocess
import sys

INTERNAL_ERROR = 3  # exit status of goo for a bug of the compiler
MEMORY_LIMIT = 4 << 30


class Result:
    """The outcome of one command: exit status (negative: signal), what it printed, whether it timed out."""

    def __init__(self, status, out, err, timed_out):
        self.status, self.out, self.err, self.timed_out = status, out, err, timed_out

    def __repr__(self):
        return "status %d%s, output %r, errors %r" % (self.status, " (timed out)" if self.timed_out else "", self.out, self.err)

    def crashed(self):
        """True when the compiler itself failed rather than reporting errors."""
        return self.timed_out or self.status < 0 or self.status == INTERNAL_ERROR


def limit_memory():
    # Address space is not limited: programs reserve large stacks. The data limit catches runaway growth.
    # ThreadSanitizer's tables, which are mostly empty, count as data.
    if "TSAN_OPTIONS" not in os.environ:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(argv, timeout, cwd=None, stdin=b"", merge=False, env=None):
    """Runs argv; merge puts standard error into the output, in order. Kills the whole group on time-out.

    What the group leaves behind (a process of another session that holds the pipes, a thread that somebody traces) is
    not waited for: the output is lost then.
    """
    proc = subprocess.Popen(argv, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT if merge else subprocess.PIPE,
                            start_new_session=True, preexec_fn=limit_memory, env=env)
    try:
        out, err = proc.communicate(stdin, timeout=timeout)
        return Result(proc.returncode, out, err or b"", False)
    except subprocess.TimeoutExpired:
        os.killpg(proc.pid, signal.SIGKILL)
    try:
        out, err = proc.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        out, err = b"", b""
    return Result(-9, out, err or b"", True)


def parallel(function, items, jobs):
    """Calls function on every item, jobs at a time; yields results in order of the items."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(function, items)


# ---- expected errors ----

COMMENT = re.compile(r"// (?:GC_)?ERROR(AUTO)? (.*)")
QUOTED = re.compile(r'"([^"]*)"')  # as Go's runner has it: no escapes inside
REPORTED = re.compile(r"^(.+?):(\d+)(?::(\d+))?: (.*)$")


def expected_errors(path, display):
    """The (line, regular expression) pairs of the ERROR comments of a file. display: its name in messages."""
    found = []
    with open(path, encoding="utf-8", errors="replace") as f:
        for number, line in enumerate(f, 1):
            if "////" in line or "// GCCGO_ERROR" in line:
                continue
            m = COMMENT.search(line)
            if not m:
                continue
            for text in QUOTED.findall(m.group(2)):
                text = re.sub(r"LINE(([+-])(\d+))?", lambda k: line_reference(k, number, display), text)
                found.append((number, text))
    return found


def line_reference(m, number, display):
    delta = int(m.group(3)) * (-1 if m.group(2) == "-" else 1) if m.group(1) else 0
    return "%s:%d" % (re.escape(display), number + delta)


def reported_errors(output):
    """The (file, line, message) triples goo printed; continuation lines (tabs) belong to the message before."""
    found = []
    for line in output.decode("utf-8", "replace").splitlines():
        if line.startswith("\t") and found:
            found[-1][2] += "\n" + line
            continue
        m = REPORTED.match(line)
        if m and not line.startswith(" "):
            if m.group(4).startswith("note: "):
                continue
            found.append([os.path.basename(m.group(1)), int(m.group(2)), m.group(4)])
    return found


def go_regexp(text):
    """A Go regular expression as Python's: the syntaxes differ in what an unescaped brace may mean."""
    try:
        return re.compile(text)
    except re.error:
        return re.compile(re.escape(text))


def compare_errors(expected, reported):
    """Problems found when expected {(file, line): [regexp]} meets reported errors; an empty list means all match."""
    problems = []
    left = list(reported)
    for (name, line), patterns in sorted(expected.items()):
        here = [e for e in left if e[0] == name and e[1] == line]
        left = [e for e in left if e not in here]
        if not here:
            problems.append("%s:%d: missing error %s" % (name, line, patterns[0]))
            continue
        for text in patterns:
            pattern = go_regexp(text)
            matching = [e for e in here if pattern.search(e[2]) or pattern.search("%s:%d: %s" % tuple(e))]
            if not matching:
                problems.append("%s:%d: no match for %s in %s" % (name, line, text, [e[2] for e in here]))
            here = [e for e in here if e not in matching]
        problems += ["%s:%d: unmatched error: %s" % tuple(e) for e in here]
    return problems + ["%s:%d: unexpected error: %s" % tuple(e) for e in left]


def die(message):
    print(message, file=sys.stderr)
    sys.exit(2)
