#!/usr/bin/env python3
"""Capabilities from outside: --allow, --deny, @requires of main, GOO_CAPS, GOO_CAPS_AUDIT, --sandbox.

Usage: tests/caps/policy.py GOO
"""

import ctypes
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 900  # the first program may have to wait until the library is compiled

READS = """package main
import ("fmt"; "os")
func main() {
    b, err := os.ReadFile(os.Args[1])
    fmt.Println(string(b), err)
}
"""
REQUIRES = READS.replace("func main", '@requires(file.read("%s"), env)\nfunc main')
UNCAUGHT = """package main
import "os"
func main() { restrict env { os.ReadFile(os.Args[1]) } }
"""
HELPER = """package main
import ("fmt"; "os"; "os/exec")
func main() {
    b, err := exec.Command("/bin/cat", os.Args[1]).Output()
    fmt.Println(string(b), err)
}
"""


class Tests:
    def __init__(self, goo, tmp):
        self.goo, self.tmp, self.passed, self.failed = goo, tmp, 0, 0
        for path in ("in/file", "out/secret", "out/other"):
            os.makedirs(os.path.dirname(os.path.join(tmp, path)), exist_ok=True)
            with open(os.path.join(tmp, path), "w") as f:
                f.write(path)

    def path(self, name):
        return os.path.join(self.tmp, name)

    def expect(self, name, ok, shown):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL %s\n    %s" % (name, str(shown).replace("\n", "\n    ")))

    def build(self, name, text, *flags):
        source, exe = self.path(name + ".goo"), self.path(name)
        if text:
            with open(source, "w") as f:
                f.write(text)
        else:
            source = os.path.join(HERE, name.split("-")[0] + ".goo")
        r = harness.run([self.goo, "build", *flags, "-o", exe, source], LIMIT)
        self.expect("build " + name, r.status == 0, r.err.decode())
        return exe

    def run(self, exe, *args, **env):
        r = harness.run([exe, *args], 60, env=dict(os.environ, **env))
        r.out, r.err = r.out.decode(), r.err.decode()
        return r


def denied(r):
    return r.status == 2 and "needs capability file.read" in r.err and "capabilities " in r.err


def flags(t):
    inside, outside = t.path("in/file"), t.path("out/secret")
    plain = t.build("plain", READS)
    r = t.run(plain, outside)
    t.expect("all rights", r.status == 0 and "out/secret" in r.out, r)
    r = t.run(plain, outside, GOO_CAPS="env, network")
    t.expect("GOO_CAPS", denied(r), r)
    r = t.run(plain, outside, GOO_CAPS="-file.write, -network")
    t.expect("GOO_CAPS takes away", r.status == 0, r)
    r = t.run(plain, outside, GOO_CAPS='file.read("%s")' % t.path("in"))
    t.expect("GOO_CAPS with a scope", denied(r), r)
    r = t.run(plain, inside, GOO_CAPS="file.read=%s,env" % t.path("in"))
    t.expect("GOO_CAPS with a scope, inside", r.status == 0, r)
    r = t.run(plain, inside, GOO_CAPS="file.raed")
    t.expect("GOO_CAPS with a mistake", r.status == 2 and "no capability is called file.raed" in r.err, r)

    allow = t.build("allow", READS, "--allow", "file.read=" + t.path("in"), "--allow=env")
    t.expect("--allow, inside", t.run(allow, inside).status == 0, t.run(allow, inside))
    t.expect("--allow, outside", denied(t.run(allow, outside)), t.run(allow, outside))
    t.expect("GOO_CAPS only narrows", denied(t.run(allow, outside, GOO_CAPS="all")), "")
    t.expect("GOO_CAPS narrows", denied(t.run(allow, inside, GOO_CAPS="env")), "")
    deny = t.build("deny", READS, "--deny", "file.read=" + t.path("out"))
    t.expect("--deny, outside of it", t.run(deny, inside).status == 0, t.run(deny, inside))
    t.expect("--deny", denied(t.run(deny, outside)), t.run(deny, outside))
    main = t.build("main", REQUIRES % t.path("in"))
    t.expect("@requires, inside", t.run(main, inside).status == 0, t.run(main, inside))
    t.expect("@requires, outside", denied(t.run(main, outside)), t.run(main, outside))
    r = t.run(t.build("uncaught", UNCAUGHT), outside)
    t.expect("rights in a trace", r.status == 2 and "goroutine 1 [running, capabilities env]:" in r.err, r)
    for flag in ("--allow=file.raed", "--allow=device=x", "--sandbox=perhaps", '--deny=file.read=a"b', "--allow=file.read=/srv,env", "--deny=network,env"):
        r = harness.run([t.goo, "build", flag, t.path("plain.goo")], 60)
        t.expect(flag, r.status not in (0, None) and b"invalid value" in r.err, r.err)


def audit(t):
    log = t.path("audit")
    t.run(t.path("allow"), t.path("in/file"), GOO_CAPS_AUDIT=log)
    t.run(t.path("allow"), t.path("out/secret"), GOO_CAPS_AUDIT=log)
    with open(log) as f:
        events = [json.loads(line) for line in f]
    for path, allowed in (("in/file", True), ("out/secret", False)):
        found = [e for e in events if e["resource"] == os.path.realpath(t.path(path))]
        ok = len(found) == 1 and found[0]["allowed"] == allowed and found[0]["capability"] == "file.read" and found[0]["op"] == "open"
        t.expect("audit of " + path, ok, events)
        if found:
            t.expect("call site", found[0]["function"] == "main.main" and found[0]["line"] == 4, found[0])


def audit_attacked(t):
    inside, log = os.path.realpath(t.path("in")), os.path.realpath(t.path("out")) + "/log"
    r = t.run(t.build("audited", None), log, inside, GOO_CAPS_AUDIT=log)
    t.expect("nothing reaches the audit's file", r.status == 0 and r.out == "over\n", r)
    with open(log) as f:
        events = [json.loads(line) for line in f]
    t.expect("it has what was refused", len([e for e in events if not e["allowed"] and e["resource"] == log]) >= 8, len(events))
    t.expect("and what came after", events[-1]["resource"] == inside + "/file", events[-1])
    for name in ("x", "link", "hard", "log", "folder"):
        if os.path.lexists(inside + "/" + name):
            os.unlink(inside + "/" + name)


def landlock_version():
    return ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)


def sandbox(t):
    version = landlock_version()
    strict = t.build("strict", READS, "--sandbox=strict", "--allow", "file.read=" + t.path("in"), "--allow", "file.write=" + t.path("in"))
    r = t.run(strict, t.path("in/file"))
    if version < 6:
        print("SKIP most of --sandbox: Landlock's version here is %d (below 1: it is off), 6 is needed for all of it" % version)
        t.expect("strict sandbox refuses", r.status == 1 and "sandbox: refusing to start" in r.err, r)
        return
    t.expect("strict sandbox", r.status == 0 and "in/file" in r.out, r)
    scoped = t.build("hosts", READS, "--sandbox=strict", "--allow", "network.connect=example.com")
    r = t.run(scoped, t.path("in/file"))
    t.expect("strict sandbox refuses what it cannot do", r.status == 1 and "refusing to start: hosts" in r.err, r)

    paths = os.path.realpath(t.path("in")), os.path.realpath(t.path("out"))
    rights = "--allow", "file=" + t.path("in")
    r = t.run(t.build("raw-free", None), *paths)
    t.expect("attempts work without sandbox", r.out.count("done:") > 12, r)
    for name in ("out/new", "out/newdir", "out/newlink", "in/hard", "in/other", "in/device"):
        path = t.path(name)
        if os.path.isdir(path):
            os.rmdir(path)
        elif os.path.lexists(path):
            os.rename(path, t.path("out/other")) if name == "in/other" else os.unlink(path)
    for kind, flag, left in ("strict", "--sandbox=strict", ""), ("plain", "--sandbox", "done: modes outside"):
        r = t.run(t.build("raw-" + kind, None, flag, *rights), *paths)
        own, _, rest = r.out.partition("---")
        t.expect(kind + " sandbox lets through what is allowed", "done: own file" in own, r)
        t.expect(kind + " sandbox stops what unsafe code tries", r.status == 0 and rest.strip() == left, r)
    t.expect("what is left is said", "sandbox: not enforced by this kernel: modes, owners and times of files" in r.err, r)

    r = t.run(t.build("bits", None, "--sandbox=strict", "--allow", "network"))
    t.expect("other TCP by numbers with more bits", r.status == 0 and r.out == "over\n", r)

    # A helper is out of the program's reach, not out of the kernel's.
    exec_rights = "--allow", "process.exec=/bin/cat", "--allow", "file.read=" + t.path("in"), "--allow", "env"
    r = t.run(t.build("helper-free", HELPER, *exec_rights), t.path("in/file"))
    t.expect("helper", "in/file" in r.out, r)
    boxed = t.build("helper", HELPER, "--sandbox", *exec_rights)
    t.expect("helper in the sandbox", "in/file" in t.run(boxed, t.path("in/file")).out, t.run(boxed, t.path("in/file")))
    r = t.run(boxed, t.path("out/secret"))
    t.expect("helper outside of the scope", "exit status 1" in r.out, r)


def main():
    if len(sys.argv) != 2:
        harness.die(__doc__)
    with tempfile.TemporaryDirectory() as tmp:
        t = Tests(os.path.abspath(sys.argv[1]), tmp)
        for part in flags, audit, audit_attacked, sandbox:
            part(t)
    print("capabilities from outside: %d passed, %d failed" % (t.passed, t.failed))
    sys.exit(1 if t.failed else 0)


main()
