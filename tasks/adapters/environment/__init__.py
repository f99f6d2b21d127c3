"""Images with the dependencies of a repository: resolved as of a date, installed in a container with limits, kept by key.

`image.py` is the way in. Nothing of the repository itself is installed or run here.
"""
