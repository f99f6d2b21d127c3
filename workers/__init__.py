"""Our Prefect worker type for untrusted commands. Nobody imports this room; Prefect finds it by its entry point.

`sandbox.py` is the worker, `sandbox-pool.json` the locked template of its pool: a flow run says a job's id, nothing else.
"""
