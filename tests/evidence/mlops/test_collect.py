"""The whole room at once: an empty repository, a hostile one, and one with everything."""

import pytest

from tasks.evidence.mlops import collect
from tasks.evidence.mlops.canonical import canonical_facts

BOMB = "a: &a [x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
NAMES = (
    ".github/workflows/a.yml", ".gitlab-ci.yml", ".circleci/config.yml", ".travis.yml", "azure-pipelines.yml", "cloudbuild.yaml", "docker-compose.yml",
    "environment.yml", "conda.yaml", "python_env.yaml", "dvc.yaml", ".pre-commit-config.yaml", "Taskfile.yml", "CITATION.cff", "conf/logger/a.yaml",
    "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "mise.toml", "package.json", "Makefile", "justfile", "tox.ini", "Jenkinsfile", "Dockerfile",
    "requirements.txt", "README.md", "LICENSE", "train.py", "tests/test_a.py", "a.ipynb", ".env", "DESCRIPTION", "MODEL_CARD.md", "runtime.txt",
)  # fmt: skip


def test_empty_repository_has_nothing(repository):
    facts = canonical_facts(collect(repository({})))
    assert not any(v for k, v in facts.items() if k != "tests")
    assert facts["tests"] == {"framework": None, "files": 0, "functions": 0}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"- a\n- b\n",
        b"3",
        b"{{ cookiecutter.name }}: [",
        b"\xff\xfe\x00\x00",
        b"\x00" * 100,
        "é".encode("latin-1") * 50,
        "name: x\n".encode("utf-16"),
        BOMB.encode()
        + b"".join(
            k + b": *i\n" for k in (b"jobs", b"steps", b"script", b"services", b"dependencies", b"defaults", b"repos", b"stages", b"tasks")
        ),
        b"jobs: &j {a: *j}\nsteps: &s [*s]\nservices: &v {a: *v}\nstages: &t {b: {cmd: *t}}\nrepos: &r [{hooks: *r}]\ntasks: &k {c: {cmds: *k}}\n",
        b"(" * 20_000,
        b'{"a":' * 5_000,
    ],
)
def test_hostile_content_under_every_name_is_facts_not_an_exception(repository, content):
    facts = collect(repository(dict.fromkeys(NAMES, content)))
    assert len(facts.model_dump_json()) < 200_000


def test_canonical_facts_of_a_whole_repository(repository):
    files = {
        "requirements.txt": "pandas==2.2.0\n",
        "uv.lock": "",
        "Dockerfile": "FROM python:3.11\n",
        "docker-compose.yml": "services:\n  a:\n    build: .\n",
        ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - run: pytest\n",
        "tests/test_a.py": "def test_a(): pass\n",
        "train.py": "import mlflow\nmlflow.start_run()\nmlflow.register_model('a', 'b')\n",
        "LICENSE": "Apache License Version 2.0",
        "MODEL_CARD.md": "# Limitations\n",
    }
    assert canonical_facts(collect(repository(files))) == {
        "deps": [{"file": "requirements.txt", "pin": "exact"}],
        "lock": ["uv.lock"],
        "python": "3.11",
        "dockerfiles": ["Dockerfile"],
        "compose": ["docker-compose.yml"],
        "ci_systems": ["github_actions"],
        "ci_runs": ["tests"],
        "tests": {"framework": "pytest", "files": 1, "functions": 1},
        "tracking": ["mlflow"],
        "registry": ["mlflow"],
        "license": "Apache-2.0",
        "model_card": True,
        "secrets": [],
    }
