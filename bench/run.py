#!/usr/bin/env python3
"""Times programs under Goo, Go and gcc in one run, alternating, and prints a table of medians and ratios.

Usage: bench/run.py [--rounds N] [--go GO] [--folder NAME] GOO  the programs of bench/NAME; bench/cpu by default
       bench/run.py --errors [--rounds N] [--go GO] GOO   what errors, try statements and panics cost (bench/errors)
       bench/run.py --memory [--rounds N] [--go GO] GOO   arenas and pools beside Go's heap and sync.Pool (bench/memory)
       bench/run.py --caps [--rounds N] GOO               what rights cost: checks, blocks, system calls (bench/caps)
       bench/run.py --start [--rounds N] [--go GO] GOO  how long `goo run` of a small program takes, cold and cached
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def timed(argv, **kw):
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw)
    return time.perf_counter() - start


def alternate(commands, rounds):
    """Medians of what each command measures; every round runs each command once, so that noise hits all alike."""
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, call in commands.items():
            times[name].append(call())
    return {name: statistics.median(t) for name, t in times.items()}


def build_all(goo, go, source, tmp):
    """Executables of one program by each compiler."""
    base = os.path.splitext(source)[0]
    exes = {}
    for name, argv in (("goo", [goo, "build", "-o"]), ("go", [go, "build", "-o"] if go else None), ("gcc", ["gcc", "-O2", "-o"])):
        src = base + ".c" if name == "gcc" else source
        if argv and os.path.exists(src):
            exes[name] = os.path.join(tmp, name)
            subprocess.run([*argv, exes[name], src], check=True)
    return exes


def program_table(goo, go, rounds, folder):
    print("| program | goo (s) | go (s) | gcc -O2 (s) | goo/go | goo/gcc |\n|---|---|---|---|---|---|")
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".go")):
        with tempfile.TemporaryDirectory() as tmp:
            exes = build_all(goo, go, os.path.join(folder, name), tmp)
            m = alternate({k: (lambda e=e: timed([e])) for k, e in exes.items()}, rounds)
        cell = lambda k: "%.3f" % m[k] if k in m else "-"
        ratio = lambda k: "%.2f" % (m["goo"] / m[k]) if k in m else "-"
        print("| %s | %s | %s | %s | %s | %s |" % (name[:-3], cell("goo"), cell("go"), cell("gcc"), ratio("go"), ratio("gcc")))


def peak(argv):
    """Of the memory that a command's process ever had, in MB."""
    p = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise subprocess.CalledProcessError(p.returncode, argv)
    return used.ru_maxrss / 1024


def self_timed_table(goo, go, rounds, folder, peaks=()):
    """Both programs, NAME/NAME.goo and .go, time themselves; every round runs both, and the best of all rounds counts.
    peaks: the names of measurements that each program also makes alone, to print its peak memory (the median)."""
    best = {"goo": {}, "go": {}}
    with tempfile.TemporaryDirectory() as tmp:
        for name, tool in (("goo", goo), ("go", go)):
            subprocess.run([tool, "build", "-o", os.path.join(tmp, name), os.path.join(HERE, folder, folder + "." + name)], check=True)
        for _ in range(rounds):
            for name, times in best.items():
                out = subprocess.run([os.path.join(tmp, name)], check=True, stdout=subprocess.PIPE, text=True).stdout
                for line in out.splitlines():
                    what, ns = line.split()
                    times[what] = min(float(ns), times.get(what, float("inf")))
        memory = {what: alternate({n: (lambda n=n: peak([os.path.join(tmp, n), what])) for n in best}, rounds) for what in peaks}
    print("| | goo (ns) | go (ns) | goo/go |\n|---|---|---|---|")
    for what, ns in best["goo"].items():
        other = best["go"].get(what)
        print("| %s | %.1f | %s |" % (what, ns, "%.1f | %.2f" % (other, ns / other) if other else "- | -"))
    for what, mb in memory.items():
        print("| %s, peak memory (MB) | %.1f | %.1f | %.2f |" % (what, mb["goo"], mb["go"], mb["goo"] / mb["go"]))


HELLO = {
    "println": 'package main\n\nfunc main() { println("hello, world", %d) }\n',
    "fmt": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello, world", %d) }\n',
}


def caps_table(goo, rounds):
    """The program times itself; the best of all rounds counts."""
    best = {}
    with tempfile.TemporaryDirectory() as tmp:
        exe = os.path.join(tmp, "caps")
        subprocess.run([goo, "build", "-o", exe, os.path.join(HERE, "caps", "caps.goo")], check=True)
        for _ in range(rounds):
            for line in subprocess.run([exe], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
                what, ns = line.split()
                best[what] = min(float(ns), best.get(what, float("inf")))
    print("| | ns |\n|---|---|")
    for what, ns in best.items():
        print("| %s | %.1f |" % (what, ns))


def start_table(goo, go, rounds):
    print("| program | command | source changed (ms) | unchanged (ms) | executable (KB) | its start (ms) |\n|---|---|---|---|---|---|")
    for kind, text in HELLO.items():
        start_rows(goo, go, rounds, kind, text)


def start_rows(goo, go, rounds, kind, text):
    tmp = tempfile.mkdtemp()
    env = dict(os.environ, GOO_CACHE=os.path.join(tmp, "cache"), GOCACHE=os.path.join(tmp, "gocache"), GO111MODULE="off")
    source = os.path.join(tmp, "hello.go")
    fresh = iter(range(10 ** 9))

    def cold(argv):
        with open(source, "w") as f:
            f.write(text % next(fresh))
        return timed([*argv, source], env=env)

    tools = {"goo run": [goo, "run"]}
    if go:
        tools["go run"] = [go, "run"]
    for argv in tools.values():
        cold(argv)  # the tools' own files into memory; go's library into its cache
    colds = alternate({k: (lambda a=a: cold(a)) for k, a in tools.items()}, rounds)
    for argv in tools.values():
        timed([*argv, source], env=env)
    warms = alternate({k: (lambda a=a: timed([*a, source], env=env)) for k, a in tools.items()}, rounds)
    exes = {}
    for k, argv in tools.items():
        exes[k] = os.path.join(tmp, k.replace(" ", "_"))
        subprocess.run([argv[0], "build", "-o", exes[k], source], env=env, check=True)
    starts = alternate({k: (lambda e=e: timed([e])) for k, e in exes.items()}, 10 * rounds)
    for k in tools:
        size = os.path.getsize(exes[k]) / 1e3
        print("| %s | %s | %.1f | %.1f | %.0f | %.2f |" % (kind, k, colds[k] * 1e3, warms[k] * 1e3, size, starts[k] * 1e3))
    shutil.rmtree(tmp)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--go", default=shutil.which("go"), help="the go command to compare with")
    p.add_argument("--folder", default="cpu", help="the folder of programs")
    p.add_argument("--start", action="store_true")
    p.add_argument("--caps", action="store_true")
    p.add_argument("--errors", action="store_true")
    p.add_argument("--memory", action="store_true")
    p.add_argument("goo")
    a = p.parse_args()
    goo = os.path.abspath(a.goo)
    if a.start:
        start_table(goo, a.go, a.rounds)
    elif a.errors:
        self_timed_table(goo, a.go, a.rounds, "errors")
    elif a.caps:
        caps_table(goo, a.rounds)
    elif a.memory:
        self_timed_table(goo, a.go, a.rounds, "memory", ["tree_18"])
    else:
        program_table(goo, a.go, a.rounds, os.path.join(HERE, a.folder))


sys.exit(main())
