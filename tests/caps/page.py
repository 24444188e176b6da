#!/usr/bin/env python3
"""The page of `goo caps --graph=html` in a browser: searching, choosing, following chains (page.js).

Needs Chromium or Chrome, which `make deps` does not install; without one the test is skipped, and says so.
Usage: tests/caps/page.py GOO
"""

import html
import json
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import harness

BROWSERS = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
MANY = 20  # functions that main.many uses

LIB = """package lib

import "os"

func Load(p string) { os.ReadFile(p) }

func Pure() int { return 1 }

func init() { os.Getenv("HOME") }
"""
MAIN = """package main

import (
	"net/http"

	"example.com/app/lib"
)

func helper() { lib.Load("/etc/x") }

func chain1() { chain2() }
func chain2() { lib.Load("/etc/y") }

func serve() { http.ListenAndServe(":8080", nil) }

@requires(file.read, network, env)
func main() { chain1(); helper(); many(); serve() }

"""


def module(folder):
    many = "func many() { %s }\n" % "; ".join("m%d()" % i for i in range(MANY))
    many += "".join("func m%d() { helper() }\n" % i for i in range(MANY))
    # A name that would end the script if it stood there as it is.
    odd = "package main\n\nimport \"os\"\n\nfunc odd() { os.Remove(\"</script><b>x\") }\n"
    files = {"go.mod": "module example.com/app\n\ngo 1.23\n", "main.goo": MAIN + many, "lib/lib.goo": LIB,
             "x<!--<script>.goo": odd}
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)


def run(goo, browser, folder):
    module(folder)
    page = os.path.join(folder, "caps.html")
    r = harness.run([goo, "caps", "--graph=html", "-o", page, "./..."], 900, cwd=folder)
    if r.status != 0:
        return [["page was made: " + r.err.decode(), False]]
    with open(page) as f:
        text = f.read()
    with open(os.path.join(HERE, "page.js")) as f:
        text = text.replace("</body>", "<script>%s</script></body>" % f.read())
    with open(page, "w") as f:
        f.write(text)
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + os.path.join(folder, "profile"),
               "--virtual-time-budget=10000", "--dump-dom", "file://" + page]
    r = harness.run(command, 120, cwd=folder)
    found = re.search(r"RESULTS(\[.*\])END", html.unescape(r.out.decode()))
    return json.loads(found[1]) if found else [["the browser ran the page: " + r.err.decode()[-500:], False]]


def main():
    if len(sys.argv) != 2:
        harness.die(__doc__)
    browser = next((p for p in map(shutil.which, BROWSERS) if p), None)
    if not browser:
        print("SKIP the page of goo caps --graph=html: none of %s is installed" % ", ".join(BROWSERS))
        print("page of goo caps: 0 passed, 0 failed")
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        results = run(os.path.abspath(sys.argv[1]), browser, folder)
    failed = [name for name, ok in results if not ok]
    for name in failed:
        print("FAIL " + name)
    print("page of goo caps: %d passed, %d failed" % (len(results) - len(failed), len(failed)))
    sys.exit(1 if failed else 0)


main()
