"""What an environment is made of: Python version, packages with their date, what is left out, and why a build failed.

`planning.py` puts it together.
"""
