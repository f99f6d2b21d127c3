"""The report for people and tools: HTML, Markdown, SARIF, terminal lines, and the documentation of the findings.

Nothing is measured or decided here. Whatever comes from an analysed repository is hostile text: it is cleaned of
control characters by `plain.py`, and escaped by the rules of the format it goes into, at the one place that prints it.
"""
