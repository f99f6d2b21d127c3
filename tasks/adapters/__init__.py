"""Talk with the world, one outside library each: git, MLflow, litellm, the state folder.

Adapters take plain values and know neither Prefect nor blocks. A library that takes seconds to import is imported in the
function that uses it. Foreign errors become ours here (`tasks/errors.py`), with cause and remedy, and without secrets.
"""
