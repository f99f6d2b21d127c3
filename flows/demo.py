"""`make demo` and `make demo-execute`: the bundled example made a git repository on the fly, then analysed or executed as any other.

python -m flows.demo [analyze | execute]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from flows.cli import main
from tasks.adapters.store import axiom_home

EXAMPLE = Path(__file__).parents[1] / "examples" / "bike-rentals"
COMMIT = ("-c", "user.name=Axiom", "-c", "user.email=demo@example.org", "-c", "commit.gpgsign=false", "commit", "-qm", "Bike rentals")
FIXED_DATE = "2026-01-01T00:00:00Z"
"""The same files make the same commit, so a second demo finds its facts in the cache."""


def make_repository(folder: Path) -> Path:
    """A git repository with one commit that holds the example."""
    repository = folder / EXAMPLE.name
    shutil.rmtree(repository, ignore_errors=True)
    shutil.copytree(EXAMPLE, repository, ignore=shutil.ignore_patterns("__pycache__", "model.pkl", "metrics.json"))
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), COMMIT):
        subprocess.run(
            ["git", *arguments],
            cwd=repository,
            check=True,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
                 "GIT_AUTHOR_DATE": FIXED_DATE, "GIT_COMMITTER_DATE": FIXED_DATE},
        )  # fmt: skip
    return repository


if __name__ == "__main__":
    sys.argv = ["axiom", *(sys.argv[1:] or ["analyze"]), str(make_repository(axiom_home() / "demo"))]
    main()
