"""Execution's consequences: the plan, the reason why none is possible, repairs, claims against results.

Pure functions of facts. `plan.py` and `contract.py` hold the models others depend on.
"""
