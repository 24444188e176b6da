#!/usr/bin/env python3
"""Fuzzes try/recover, defer, panic, ? and else: random programs, run by an interpreter here and by the compiler.

A program is a tree of the node classes below. Each node can print itself as Goo (text) and be executed (run), so that
the two meanings stand side by side. What the program prints must be the same at every optimisation level.

    tests/fuzz/try.py GOO [--seed N] [--count N] [--levels 0123]    differences end it with status 1
    tests/fuzz/try.py --print N                                     program N as a test file with its expected output
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile

VARS = ("a", "b", "c")
INPUTS = (0, 1, 2, 3)
MAX_NESTED = 25  # statements with others inside, in one function
MAX_STEPS = 4000  # of one call from main; programs that take more are not used

PRELUDE = """package main

type boom struct{ n int }

func (e *boom) Error() string { return "boom" }

type slow int

func (slow) Error() string { return "slow" }
func (slow) Timeout() bool { return true }

type timeout interface {
	error
	Timeout() bool
}

type wrapped struct{ err error }

func (w wrapped) Error() string { return "wrapped " + w.err.Error() }
func (w wrapped) Unwrap() error { return w.err }

type sentinel string

func (s sentinel) Error() string { return string(s) }

var errEnd, errLost error = sentinel("end"), sentinel("lost")

type fault interface {
	error
	RuntimeError()
}

var (
	none []int
	zero int
	null *boom
)

func up(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

func noisy(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer func() { println("noisy ends") }()
		try {
			for i := 0; i < n && yield(i); i++ {
			}
		} recover _ *boom {
			panic(slow(1))
		}
	}
}

func show(v any) {
	switch v := v.(type) {
	case nil:
		println("nil")
	case error:
		println("error", v.Error())
	case string:
		println("string", v)
	case int:
		println("int", v)
	}
}

"""


class Panic(Exception):
    """A Goo panic. kind: one of VALUES; text: of Error(); is_error: the value is an error; wraps: the one below, if any."""

    def __init__(self, kind, text, is_error=True, wraps=None):
        self.kind, self.text, self.is_error, self.wraps = kind, text, is_error, wraps

    def find(self, kind):
        """The first of that kind, of this and what it wraps."""
        return self if self.kind == kind else self.wraps and self.wraps.find(kind)

    def shown(self):
        return "error " + self.text if self.is_error else self.kind + " " + self.text


# kind: Goo expression, what it is at run time
VALUES = {
    "boom": ("&boom{1}", lambda: Panic("boom", "boom")),
    "slow": ("slow(2)", lambda: Panic("slow", "slow")),
    "end": ("errEnd", lambda: Panic("end", "end")),
    "lost": ("errLost", lambda: Panic("lost", "lost")),
    "wrapped": ("wrapped{errEnd}", lambda: Panic("wrapped", "wrapped end", wraps=Panic("end", "end"))),
    "string": ('"text"', lambda: Panic("string", "text", False)),
    "int": ("17", lambda: Panic("int", "17", False)),
}
ERRORS = [k for k in VALUES if k not in ("string", "int")]
FAULTS = {
    "println(none[x])": lambda x: "index out of range [%d] with length 0" % x,
    "println(x / zero)": lambda x: "integer divide by zero",
    "println(null.n)": lambda x: "invalid memory address or nil pointer dereference",
}
# clause: what its variable holds if it fits
CLAUSES = {
    "*boom": lambda p: p.find("boom"),
    "slow": lambda p: p.find("slow"),
    "timeout": lambda p: p.find("slow"),
    "fault": lambda p: p.find("fault"),
    "errEnd": lambda p: p.find("end") and p,
    "errLost": lambda p: p.find("lost") and p,
    "": lambda p: p,
}


class Return(Exception):
    pass


class Jump(Exception):
    """break, continue or goto, to the statement called label."""

    def __init__(self, kind, label):
        self.kind, self.label = kind, label


class TooLong(Exception):
    pass


class Frame:
    """One activation. vars are shared with the literals inside; panicking: what a deferred literal runs for."""

    def __init__(self, machine, x, outer=None):
        self.m, self.x, self.defers, self.panicking = machine, x, [], None
        self.vars = outer.vars if outer else dict.fromkeys(VARS, 0)
        self.results = {"r": 0, "err": None}

    def show(self, tag):
        self.m.out("%d %s" % (tag, " ".join(str(self.vars[v]) for v in VARS)))


class Machine:
    def __init__(self, funcs):
        self.funcs, self.lines, self.steps = funcs, [], 0

    def out(self, line):
        self.lines.append(line)

    def step(self):
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLong()

    def call(self, i, x):
        f = Frame(self, x)
        activate(f, self.funcs[i].body)
        return f.results["r"], f.results["err"]


def activate(frame, body):
    """Runs a body and then what it deferred; a panic that is recovered becomes a return."""
    panic = None
    try:
        body.run(frame)
    except Return:
        pass
    except Panic as p:
        panic = p
    while frame.defers:
        deferred = frame.defers.pop()
        inner = Frame(frame.m, frame.x, deferred.frame)
        inner.panicking = panic
        inner.named = frame
        try:
            activate(inner, deferred.body)
        except Panic as p:
            panic = p
        else:
            if panic and inner.panicking is None:
                panic = None
    if panic:
        raise panic


class Deferred:
    def __init__(self, frame, body):
        self.frame, self.body = frame, body


# ---- statements ----


class Stmts:
    def __init__(self, list):
        self.list = list

    def text(self, ind):
        return "".join(s.text(ind) for s in self.list)

    def run(self, f):
        for s in self.list:
            f.m.step()
            s.run(f)


def line(ind, s):
    return "\t" * ind + s + "\n"


class Show:
    def __init__(self, tag):
        self.tag = tag

    def text(self, ind):
        return line(ind, "println(%d, %s)" % (self.tag, ", ".join(VARS)))

    def run(self, f):
        f.show(self.tag)


class Add:
    def __init__(self, var, n):
        self.var, self.n = var, n

    def text(self, ind):
        return line(ind, "%s += %d + x" % (self.var, self.n))

    def run(self, f):
        f.vars[self.var] += self.n + f.x


class If:
    """if x == n, or if a variable is odd."""

    def __init__(self, var, n, body):
        self.var, self.n, self.body = var, n, body

    def text(self, ind):
        cond = "x == %d" % self.n if self.var is None else "%s%%2 == 1" % self.var
        return line(ind, "if %s {" % cond) + self.body.text(ind + 1) + line(ind, "}")

    def run(self, f):
        if f.x == self.n if self.var is None else f.vars[self.var] % 2 == 1:
            self.body.run(f)


class Loop:
    """A labelled loop: counted, or over one of the iterator functions."""

    def __init__(self, label, kind, n, body):
        self.label, self.kind, self.n, self.body = label, kind, n, body
        self.used = False

    def text(self, ind):
        head = {"count": "%d", "up": "up(%d)", "noisy": "noisy(%d)"}[self.kind] % self.n
        label = line(ind - 1, self.label + ":") if self.used else ""
        return label + line(ind, "for i := range %s {" % head) + line(ind + 1, "a += i") + self.body.text(ind + 1) + line(ind, "}")

    def run(self, f):
        try:
            self.iterate(f)
        except Panic as p:
            if self.kind != "noisy":
                raise
            f.m.out("noisy ends")
            raise Panic("slow", "slow") if p.kind == "boom" else p
        except (Jump, Return):
            if self.kind == "noisy":
                f.m.out("noisy ends")
            raise
        else:
            if self.kind == "noisy":
                f.m.out("noisy ends")

    def iterate(self, f):
        for i in range(self.n):
            f.m.step()
            f.vars["a"] += i
            try:
                self.body.run(f)
            except Jump as j:
                if j.label != self.label or j.kind == "goto":
                    raise
                if j.kind == "break":
                    break


class Branch:
    def __init__(self, kind, loop):
        self.kind, self.loop = kind, loop
        loop.used = True

    def text(self, ind):
        return line(ind, "%s %s" % (self.kind, self.loop.label))

    def run(self, f):
        raise Jump(self.kind, self.loop.label)


class Place:
    """A label behind some statements, which gotos among them lead to."""

    def __init__(self, label):
        self.label, self.body, self.used = label, None, False

    def text(self, ind):
        if not self.used:
            return self.body.text(ind)
        return self.body.text(ind) + line(ind - 1, self.label + ":") + line(ind, "b++")

    def run(self, f):
        try:
            self.body.run(f)
        except Jump as j:
            if j.label != self.label:
                raise
        if self.used:
            f.vars["b"] += 1


class Leave:
    def __init__(self, value, err):
        self.value, self.err = value, err

    def text(self, ind):
        return line(ind, "return %d, %s" % (self.value, VALUES[self.err][0] if self.err else "nil"))

    def run(self, f):
        f.results.update(r=self.value, err=VALUES[self.err][1]() if self.err else None)
        raise Return()


class LeaveLiteral:
    def text(self, ind):
        return line(ind, "return")

    def run(self, f):
        raise Return()


class Raise:
    def __init__(self, kind):
        self.kind = kind

    def text(self, ind):
        return line(ind, "panic(%s)" % VALUES[self.kind][0])

    def run(self, f):
        raise VALUES[self.kind][1]()


class Fault:
    def __init__(self, code):
        self.code = code

    def text(self, ind):
        return line(ind, self.code)

    def run(self, f):
        raise Panic("fault", "runtime error: " + FAULTS[self.code](f.x))


class Try:
    def __init__(self, body, clauses):
        self.body, self.clauses = body, clauses

    def text(self, ind):
        s = line(ind, "try {") + self.body.text(ind + 1)
        for match, body in self.clauses:
            s += line(ind, "} recover err%s {" % (match and " " + match))
            s += line(ind + 1, "println(err.Error())") + body.text(ind + 1)
        return s + line(ind, "}")

    def run(self, f):
        try:
            self.body.run(f)
        except Panic as p:
            for match, body in self.clauses:
                held = CLAUSES[match](p)
                if held:
                    break
            else:
                raise
            f.m.out(held.text)
        else:
            return
        body.run(f)


class Defer:
    """defer func() { shows; body }(), with or without a call of recover."""

    def __init__(self, body, recovers, result):
        self.body, self.recovers, self.result = body, recovers, result

    def text(self, ind):
        s = line(ind, "defer func() {")
        if self.recovers:
            s += line(ind + 1, "show(recover())")
        if self.result:
            s += line(ind + 1, "r += 100")
        return s + self.body.text(ind + 1) + line(ind, "}()")

    def run(self, f):
        f.defers.append(Deferred(f, DeferredBody(self)))


class DeferredBody:
    def __init__(self, d):
        self.d = d

    def run(self, f):
        if self.d.recovers:
            f.m.out(f.panicking.shown() if f.panicking else "nil")
            f.panicking = None
        if self.d.result:
            f.named.results["r"] += 100
        self.d.body.run(f)


class Literal:
    """func() { body }()"""

    def __init__(self, body):
        self.body = body

    def text(self, ind):
        return line(ind, "func() {") + self.body.text(ind + 1) + line(ind, "}()")

    def run(self, f):
        activate(Frame(f.m, f.x, f), self.body)


class Call:
    """v = f(x) in one of the ways to treat its error."""

    def __init__(self, how, var, func, arg, tag, leave):
        self.how, self.var, self.func, self.arg, self.tag, self.leave = how, var, func, arg, tag, leave

    def text(self, ind):
        call = "%s = f%d(x + %d)" % (self.var, self.func, self.arg)
        if self.how == "else block":
            return line(ind, call + " else err {") + line(ind + 1, "println(%d, err.Error())" % self.tag) + self.leave.text(ind + 1) + line(ind, "}")
        return line(ind, call + {"?": "?", "context": '? "context"', "else": " else 7"}[self.how])

    def run(self, f):
        r, err = f.m.call(self.func, f.x + self.arg)
        if err is None:
            f.vars[self.var] = r
        elif self.how == "else":
            f.vars[self.var] = 7
        elif self.how == "else block":
            f.m.out("%d %s" % (self.tag, err.text))
            self.leave.run(f)
        else:
            if self.how == "context":
                err = Panic("context", "context: " + err.text, wraps=err)
            self.propagate(f, err)

    def propagate(self, f, err):
        if self.in_try:
            raise err
        f.results.update(r=0, err=err)
        raise Return()


class Func:
    def __init__(self, i, body):
        self.i, self.body = i, body

    def text(self):
        return "func f%d(x int) (r int, err error) {\n\tvar a, b, c int\n\t_, _, _ = a, b, c\n%s}\n\n" % (self.i, self.body.text(1))


# ---- generating ----


class Maker:
    """Where a statement stands: how deep, in which function or literal, inside which loops and labels."""

    def __init__(self, rnd, func, nfuncs):
        self.rnd, self.func, self.nfuncs, self.names = rnd, func, nfuncs, 0
        self.left = MAX_NESTED

    def name(self, prefix):
        self.names += 1
        return "%s%d" % (prefix, self.names)

    def tag(self):
        return self.rnd.randrange(1000)

    def stmts(self, depth, at):
        n = self.rnd.randint(4, 7) if depth == 0 else self.rnd.randint(1, 4 if depth < 3 else 2)
        return Stmts([self.stmt(depth, at) for _ in range(n)])

    def stmt(self, depth, at):
        r = self.rnd
        simple = [self.show, self.add, self.add]
        leaving = [self.leaving]
        nested = [self.try_, self.try_, self.try_, self.if_, self.if_, self.loop, self.defer, self.literal, self.place]
        calls = [self.call] * 3 if self.func + 1 < self.nfuncs else []
        if depth >= 5 or self.left == 0:
            choices = simple + calls
        else:
            self.left -= 1
            choices = simple + nested + calls + [self.guarded] * 3
        return r.choice(choices + (leaving if r.random() < 0.1 else []))(depth, at)

    def show(self, depth, at):
        return Show(self.tag())

    def add(self, depth, at):
        return Add(self.rnd.choice(VARS), self.rnd.randint(1, 5))

    def guarded(self, depth, at):
        """if ... { something that leaves }: so that what follows is reached now and then."""
        var = self.rnd.choice((None, None) + VARS)
        return If(var, self.rnd.choice(INPUTS), Stmts([self.add(depth, at), self.leaving(depth, at)]))

    def leaving(self, depth, at):
        choices = [lambda: Raise(self.rnd.choice(list(VALUES))), lambda: Raise(self.rnd.choice(list(VALUES)))]
        choices += [lambda: Fault(self.rnd.choice(list(FAULTS)))]
        choices += [lambda: self.way_out(at)] * 3
        return self.rnd.choice(choices)()

    def way_out(self, at):
        choices = [LeaveLiteral] if at["literal"] else [lambda: Leave(self.rnd.randint(1, 9), self.rnd.choice([None] + ERRORS))]
        for loop in at["loops"]:
            choices += [lambda loop=loop: Branch("break", loop), lambda loop=loop: Branch("continue", loop)]
        for place in at["places"]:
            choices.append(lambda place=place: Branch("goto", place))
        return self.rnd.choice(choices)()

    def if_(self, depth, at):
        return If(self.rnd.choice((None,) + VARS), self.rnd.choice(INPUTS), self.stmts(depth + 1, at))

    def loop(self, depth, at):
        loop = Loop(self.name("L"), self.rnd.choice(["count", "count", "up", "noisy"]), self.rnd.randint(1, 3), None)
        loop.body = self.stmts(depth + 1, dict(at, loops=at["loops"] + [loop]))
        return loop

    def place(self, depth, at):
        place = Place(self.name("P"))
        place.body = self.stmts(depth + 1, dict(at, places=at["places"] + [place]))
        return place

    def try_(self, depth, at):
        body = self.stmts(depth + 1, dict(at, in_try=True))
        matches = self.rnd.sample([m for m in CLAUSES if m], self.rnd.randint(0, 2))
        if "timeout" in matches and "slow" in matches:
            matches = ["slow", "timeout"]  # the other order is an error
        if not matches or self.rnd.random() < 0.5:
            matches.append("")
        return Try(body, [(m, self.stmts(depth + 1, at)) for m in matches])

    def fresh(self, at):
        return {"literal": True, "in_try": False, "loops": [], "places": []}

    def defer(self, depth, at):
        return Defer(self.stmts(depth + 2, self.fresh(at)), self.rnd.random() < 0.5, not at["literal"] and self.rnd.random() < 0.5)

    def literal(self, depth, at):
        return Literal(self.stmts(depth + 1, self.fresh(at)))

    def call(self, depth, at):
        hows = ["else", "else block"] + (["?", "?", "context"] if at["in_try"] or not at["literal"] else [])
        how = self.rnd.choice(hows)
        func = self.rnd.randrange(self.func + 1, self.nfuncs)
        leave = self.way_out(at) if how == "else block" else None
        c = Call(how, self.rnd.choice(VARS), func, self.rnd.randrange(2), self.tag(), leave)
        c.in_try = at["in_try"]
        return c


def make_program(seed):
    rnd = random.Random(seed)
    n = rnd.randint(2, 4)
    top = {"literal": False, "in_try": False, "loops": [], "places": []}
    funcs = []
    for i in range(n):
        body = Maker(rnd, i, n).stmts(0, top)
        body.list.append(Leave(rnd.randint(1, 9), rnd.choice([None, None] + ERRORS)))
        funcs.append(Func(i, body))
    return funcs


def program_text(funcs):
    main = "func main() {\n\tfor x := range %d {\n\t\ttry {\n\t\t\tr, err := f0(x)\n\t\t\tprintln(\"result\", r)\n\t\t\tshow(err)\n" % len(INPUTS)
    main += "\t\t} recover err {\n\t\t\tprintln(\"panic\", err.Error())\n\t\t}\n\t}\n}\n"
    return PRELUDE + "".join(f.text() for f in funcs) + main


def expected(funcs):
    lines = []
    for x in INPUTS:
        m = Machine(funcs)
        try:
            r, err = m.call(0, x)
            m.out("result %d" % r)
            m.out(err.shown() if err else "nil")
        except Panic as p:
            m.out("panic " + p.text)
        lines += m.lines
    return "\n".join(lines) + "\n"


def programs(seed):
    """Programs with their numbers, from seed on; those that run too long are left out."""
    while True:
        funcs = make_program(seed)
        try:
            yield seed, program_text(funcs), expected(funcs)
        except TooLong:
            pass
        seed += 1


def check(goo, folder, number, text, want, levels):
    path = os.path.join(folder, "program.goo")
    with open(path, "w") as f:
        f.write(text)
    for level in levels:
        r = subprocess.run([goo, "run", "--no-cache", "-O", level, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        got = r.stdout.decode("utf-8", "replace")
        if r.returncode == 0 and got == want:
            continue
        pairs = list(zip(got.splitlines(), want.splitlines()))
        first = next((i for i, (g, w) in enumerate(pairs) if g != w), len(pairs))
        print("program %d differs at -O%s, status %d, line %d of its output\n--- want\n%s\n--- got\n%s" % (
            number, level, r.returncode, first + 1,
            "\n".join(want.splitlines()[first:first + 3]), "\n".join(got.splitlines()[first:first + 3])))
        return False
    return True


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("goo", nargs="?")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=100)
    ap.add_argument("--levels", default="0123")
    ap.add_argument("--print", type=int)
    a = ap.parse_args()
    if a.print is not None:
        number, text, want = next(programs(a.print))
        print("// run\n\n// Program %d of tests/fuzz/try.py: errors, panics and ways out, as an interpreter sees them.\n%s\n/*\n%s*/" % (number, text, want))
        return
    failed = 0
    source = programs(a.seed)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(a.count):
            number, text, want = next(source)
            failed += not check(os.path.abspath(a.goo), folder, number, text, want, a.levels)
    print("try fuzzer: %d programs, %d differ" % (a.count, failed))
    sys.exit(1 if failed else 0)


main()
