"""Untrusted commands in Docker: `running.py` is the one way in, everything else here serves it.

No other module of Axiom starts a container with code of a repository; what may be in it is decided by
`tasks/rules/sandbox/policy.py` and held against what the engine says before the start.
"""
