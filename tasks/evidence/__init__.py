"""Facts: what files and frames show, measured by code. One package a section, one question a file.

No model, no network, no Prefect; nothing of a repository is imported, unpickled or executed. Untrusted files are parsed
only in the reader child (`child.py`). A number is a fact; what follows from it belongs in `tasks/rules/`. Packages import
their readers inside `collect`, so that rules can import `facts` cheaply.
"""
