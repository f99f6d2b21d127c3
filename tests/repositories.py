"""Small repositories for tests: files on disk, and real git around them."""

import os
import subprocess


def run_git(folder, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    environment |= {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, env=environment, capture_output=True, text=True).stdout


def commit_all(folder, message="first"):
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-qm", message)


def write_files(folder, files):
    """Write a mapping of paths to texts or bytes below a folder, which is made also when there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
