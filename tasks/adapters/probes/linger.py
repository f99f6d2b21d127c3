"""Prints without end, and leaves a child in a session of its own that hears no polite signal."""

import os
import signal
import sys
import time

if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork():
        os._exit(0)
    time.sleep(1000)
sys.stdout.write("x" * 3_000_000)
while True:
    print("flood " * 200)
