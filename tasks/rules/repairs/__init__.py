"""The critic of an execution: what a failure says, and the closed set of repairs of which it chooses one.

`criticism.py` is the way in; a repair is a small function of the situation in `packages.py`, `paths.py` or `command.py`.
"""
