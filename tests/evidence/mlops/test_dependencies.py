"""Dependency files of every usual format, and how firmly each holds its versions."""

import pytest

from tasks.evidence.mlops.dependencies import find_dependency_files, main_requirements
from tasks.evidence.mlops.facts import Requirement
from tasks.evidence.mlops.pins import pin_class, pin_of, pin_of_conda, pin_of_poetry, pin_of_url


def pins(snapshot):
    return {d.file: (d.kind, d.pin) for d in find_dependency_files(snapshot)}


@pytest.mark.parametrize(
    ("name", "text", "kind", "pin"),
    [
        ("requirements.txt", "pandas==2.2.0\nnumpy==1.26.4  # why\n", "requirements", "exact"),
        ("requirements.txt", "pandas\nnumpy\n", "requirements", "unpinned"),
        ("requirements.txt", "pandas>=2\nnumpy~=1.26\n", "requirements", "ranged"),
        ("requirements.txt", "pandas==2.2.0\nnumpy\n", "requirements", "mixed"),
        ("requirements.txt", "# nothing yet\n", "requirements", "none"),
        ("requirments.txt", "pandas\n", "requirements", "unpinned"),
        ("requirements-dev.txt", "pytest==8.0\n", "requirements", "exact"),
        ("requirements/base.in", "pandas\n", "requirements", "unpinned"),
        ("environment.yml", "name: a\ndependencies:\n  - python=3.8\n  - numpy=1.20.1\n  - pip:\n      - torch==1.9.0\n", "conda", "exact"),
        ("conda.yaml", "dependencies:\n- scikit-learn\n- pip:\n  - mlflow>=1.0\n", "conda", "ranged"),
        ("pyproject.toml", '[project]\nname = "a"\ndependencies = ["pandas>=2", "numpy"]\n', "pyproject", "ranged"),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\npandas = "^2.0"\n', "poetry", "ranged"),
        ("setup.py", 'from setuptools import setup\nR = ["torch"]\nsetup(install_requires=R)\n', "setup", "unpinned"),
        ("setup.cfg", "[options]\ninstall_requires =\n    pandas>=1\n", "setup", "ranged"),
        ("Pipfile", '[packages]\npandas = "*"\n', "pipfile", "unpinned"),
        ("DESCRIPTION", "Package: a\nImports: dplyr (>= 1.0), tidyr\n", "r", "ranged"),
        ("Project.toml", '[deps]\nFlux = "587475ba"\n[compat]\nFlux = "0.13"\n', "julia", "ranged"),
    ],
)
def test_file_is_read_with_its_class(repository, name, text, kind, pin):
    assert pins(repository({name: text})) == {name: (kind, pin)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
        ("setup.cfg", "[flake8]\nmax-line-length = 100\n"),
        ("tests/fixtures/requirements.txt", "pandas\n"),
        ("docs/requirements_analysis.txt", "The system must answer within a second.\nIt must be safe.\nIt has to be fast.\n"),
        ("config/environment.yml", "database: postgres\n"),
    ],
)
def test_settings_prose_and_fixtures_are_none(repository, name, text):
    assert pins(repository({name: text})) == {}


def test_utf16_requirements_of_powershell_are_read(repository):
    (file,) = find_dependency_files(repository({"requirements.txt": "pandas==2.2.0\r\nnumpy==1.26.4\r\n".encode("utf-16")}))
    assert [(r.name, r.pin) for r in file.requirements] == [("pandas", "exact"), ("numpy", "exact")]


def test_line_that_no_installer_accepts_is_told(repository):
    (file,) = find_dependency_files(repository({"requirements.txt": "pandas==2.0\nnumpy==1.0\njinja==>=3,<4\n"}))
    assert (file.invalid, file.requirements[0].line) == (("jinja==>=3,<4",), 1)


def test_a_template_s_placeholders_are_no_broken_lines(repository):
    text = "{% if cookiecutter.torch %}\ntorch\n{% endif %}\nkedro~={{ cookiecutter.kedro_version }}\n{{ cookiecutter.more }}\n"
    (file,) = find_dependency_files(repository({"requirements.txt": text}))
    assert ([(r.name, r.pin, r.line) for r in file.requirements], file.invalid) == ([("torch", "unpinned", 2), ("kedro", "ranged", 4)], ())


@pytest.mark.parametrize(
    "url",
    ["git+https://github.com/huggingface/peft.git", "git+https://github.com/huggingface/peft@main", "git+ssh://git@host/a/peft.git@v1.0"],
)
def test_a_repository_is_called_by_its_name(repository, url):
    (file,) = find_dependency_files(repository({"requirements.txt": f"torch\n{url}\n"}))
    assert [r.name for r in file.requirements] == ["torch", "peft"]


def test_login_in_an_address_is_not_kept(repository):
    (file,) = find_dependency_files(repository({"requirements.txt": "git+https://me:hunter2secret@github.com/a/b.git@v1.0#egg=b\n"}))
    assert "hunter2secret" not in file.model_dump_json()
    assert (file.requirements[0].name, file.requirements[0].pin) == ("b", "exact")


def test_development_requirements_are_not_the_project_s_own(repository):
    files = {
        "requirements.txt": "pandas\n",
        "requirements-dev.txt": "pytest\n",
        "pyproject.toml": '[project]\noptional-dependencies = {dev = ["ruff"]}\n',
    }
    assert [r.name for _, r in main_requirements(find_dependency_files(repository(files)))] == ["pandas"]


@pytest.mark.parametrize(
    ("constraint", "pin"),
    [
        ("==1.2.3", "exact"),
        ("===1.2", "exact"),
        ("==1.*", "ranged"),
        (">=1,<2", "ranged"),
        ("~=1.4", "ranged"),
        ("", "unpinned"),
        ("*", "unpinned"),
    ],
)
def test_pin_of_a_constraint(constraint, pin):
    assert pin_of(constraint) == pin


def test_pins_of_other_tools_speak_their_own_words():
    assert [pin_of_poetry(c) for c in ("1.2.3", "^1.2", "*")] == ["exact", "ranged", "unpinned"]
    assert [pin_of_conda(c) for c in ("=1.2.3", "=1.2.*", ">=1", "")] == ["exact", "ranged", "ranged", "unpinned"]
    assert [pin_of_url(u) for u in ("git+https://a/b@0a1b2c3d", "git+https://a/b@main", "https://a/b-1.2.0.whl")] == [
        "exact",
        "unpinned",
        "exact",
    ]


def test_one_loose_line_in_ten_leaves_a_file_exact():
    exact, loose = Requirement(pin="exact"), Requirement(pin="unpinned")
    assert pin_class([exact] * 9 + [loose]) == "exact"
    assert pin_class([exact] * 8 + [loose]) == "mixed"
