"""What untrusted code may use and what became of it: limits, isolation levels, typed causes. Plain values, no Docker.

`tasks/adapters/container/running.py` turns a `Job` into a container and a `JobOutcome`; nothing else does.
"""
