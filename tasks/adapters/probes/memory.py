"""A child takes more memory than there is, and its parent says that all is well."""

import os
import sys

pid = os.fork()
if pid == 0:
    blocks = []
    while True:
        blocks.append(bytearray(16 * 1024**2))
os.waitpid(pid, 0)
sys.exit(0)
