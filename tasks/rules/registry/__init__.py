"""The governed model registry as rules: legal moves, the ledger and its replay, registration, the gate, comparison.

Nothing here talks to MLflow: `tasks/adapters/registry/models.py` does. State is what the ledger's entries say, in order; tags and
aliases in MLflow are a picture of it.
"""
