#!/usr/bin/env python3
"""Makes seeds for the fuzzer: small .go files of the given folders, behind a byte that says: a .go file, to be checked
after syntax errors too, with generic aliases. Usage: seeds.py TO FROM..."""

import os
import sys

SETTINGS = b"\6"
target, sources = sys.argv[1], sys.argv[2:]
for source in sources:
    for folder, _, names in os.walk(source):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".go") and os.path.getsize(path) < 4000:
                with open(path, "rb") as f:
                    text = f.read()
                with open(os.path.join(target, os.path.relpath(path, source).replace("/", "_")), "wb") as f:
                    f.write(SETTINGS + text)
