#!/usr/bin/env python3
"""Makes seeds for the fuzzer: small files of Go's test folder behind a byte that says .go. Usage: seeds.py FROM TO"""

import os
import sys

source, target = sys.argv[1:]
for folder, _, names in os.walk(source):
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(".go") and os.path.getsize(path) < 4000:
            with open(path, "rb") as f:
                text = f.read()
            with open(os.path.join(target, os.path.relpath(path, source).replace("/", "_")), "wb") as f:
                f.write(b"\0" + text)
