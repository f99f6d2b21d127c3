"""An execution in MLflow: journal first, sent by a thread, sent again by a later command where a store was away.

`execution.py` is the way in; `pending.py` sends what earlier processes left.
"""
