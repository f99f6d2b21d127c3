from __future__ import annotations

from pathlib import Path

import pytest

from tasks.evidence.project.entrypoints.commands import Commands
from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.snapshot import Snapshot


def read(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    for name, text in {"src/go.py": "print(1)\n", **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    snapshot = Snapshot.of_folder(tmp_path)
    commands = Commands(snapshot, Modules(snapshot), {"gogo": ("src/go.py", "main")})
    return [(c.kind, c.runs, c.text) for c in commands.all]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("README.md", "```sh\n$ python src/go.py --a 1\n```\n", "readme"),
        ("README.md", "Run `python src/go.py` now\n", "readme"),
        ("Makefile", "run:\n\t@python src/go.py\n", "make"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: python src/go.py\n", "ci"),
        ("Dockerfile", 'FROM x\nWORKDIR /app\nCMD ["python", "/app/src/go.py"]\n', "docker"),
        ("Procfile", "web: python src/go.py\n", "procfile"),
        ("x.sh", "cd src\nCUDA_VISIBLE_DEVICES=0 python go.py\n", "shell"),
        ("README.md", "```\nuv run gogo --fast\n```\n", "readme"),
        ("README.md", "```\npython -m src.go\n```\n", "readme"),
        ("README.md", "```\ntorchrun --nproc 2 src/go.py\n```\n", "readme"),
    ],
)
def test_commands_of_each_kind_are_read(tmp_path, name, text, kind):
    assert [(k, r) for k, r, _ in read(tmp_path, {name: text})] == [(kind, "src/go.py")]


@pytest.mark.parametrize(
    "text", ["python app/go.py", "pip install src/go.py", "pytest src/go.py", "cat src/go.py", "python -m pytest src/go.py"]
)
def test_what_does_not_run_a_file_that_exists_is_no_command(tmp_path, text):
    assert read(tmp_path, {"README.md": f"```\n{text}\n```\n"}) == []


def test_continued_lines_are_one_command(tmp_path):
    assert read(tmp_path, {"x.sh": "python src/go.py \\\n  --a 1\n"})[0][2] == "python src/go.py --a 1"
