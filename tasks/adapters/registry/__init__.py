"""The governed model registry over MLflow: a ledger of write-once entries decides, tags and aliases are its picture.

`registration.py` adds a version, `models.py` reads and moves one, `comparison.py` sets two side by side.
"""
