#!/usr/bin/env python3
"""Compares the heaps of Goo and Go: the programs of bench/heap, alternating. For each: processor time and elapsed time
(medians), peak memory, and the longest time that all goroutines stood still for a collection.

Usage: bench/heap.py [--rounds N] [--go GO] GOO
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "heap")
TRACE = {"goo": {"GOOTRACE": "gc"}, "go": {"GODEBUG": "gctrace=1"}}


def run(exe, env):
    """Seconds of processor time, elapsed seconds, peak memory in MB, and what the program wrote to standard error."""
    with tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        p = subprocess.Popen([exe], stdout=subprocess.DEVNULL, stderr=err, env=dict(os.environ, **env))
        _, status, used = os.wait4(p.pid, 0)
        elapsed = time.perf_counter() - start
        p.returncode = status
        if status:
            sys.exit("%s failed" % exe)
        err.seek(0)
        return used.ru_utime + used.ru_stime, elapsed, used.ru_maxrss / 1024, err.read().decode()


def longest_stop(text):
    """In ms. Go's lines give the phases of a cycle: of '0.1+2.3+0.2 ms clock' the first and the last stop the world."""
    stops = [float(v) for v in re.findall(r"pause ([0-9.]+) ms", text)]
    for first, last in re.findall(r": ([0-9.]+)\+[0-9.]+\+([0-9.]+) ms clock", text):
        stops += [float(first), float(last)]
    return max(stops, default=0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--go", default=shutil.which("go"), help="the go command to compare with")
    p.add_argument("goo")
    a = p.parse_args()
    print("| program | | processor (s) | elapsed (s) | peak (MB) | longest stop (ms) |\n|---|---|---|---|---|---|")
    for name in sorted(n for n in os.listdir(HERE) if n.endswith(".go")):
        with tempfile.TemporaryDirectory() as tmp:
            exes = {}
            for tool, command in (("goo", a.goo), ("go", a.go)):
                if command:
                    exes[tool] = os.path.join(tmp, tool)
                    subprocess.run([command, "build", "-o", exes[tool], os.path.join(HERE, name)], check=True)
            runs = {tool: [] for tool in exes}
            for _ in range(a.rounds):
                for tool, exe in exes.items():
                    runs[tool].append(run(exe, {}))
            for tool, exe in exes.items():
                cpu, elapsed, peak = (statistics.median(r[i] for r in runs[tool]) for i in range(3))
                stop = longest_stop(run(exe, TRACE[tool])[3])
                print("| %s | %s | %.2f | %.2f | %.0f | %.1f |" % (name[:-3], tool, cpu, elapsed, peak, stop))


main()
