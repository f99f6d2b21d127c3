import pytest

from tasks.evidence.mlops.lock import find_locks, locks_environment


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("poetry.lock", "poetry"),
        ("uv.lock", "uv"),
        ("Pipfile.lock", "pipenv"),
        ("conda-lock.yml", "conda"),
        ("renv.lock", "renv"),
        ("sub/dvc.lock", "dvc"),
        ("pixi.lock", "pixi"),
    ],
)
def test_lock_is_known_by_name(repository, name, kind):
    assert [(lock.file, lock.kind) for lock in find_locks(repository({name: ""}))] == [(name, kind)]


def test_explicit_conda_list_is_a_lock(repository):
    (lock,) = find_locks(repository({"conda-linux-64.txt": "# platform\n@EXPLICIT\nhttps://a/b.conda\n"}))
    assert lock.kind == "conda"


@pytest.mark.parametrize("name", ["requirements.txt", "notes.lock", "Gemfile"])
def test_other_file_is_none(repository, name):
    assert find_locks(repository({name: "pandas==2.0\n"})) == ()


def test_lock_of_a_pipeline_or_a_web_page_holds_no_environment(repository):
    locks = find_locks(repository({"dvc.lock": "", "web/package-lock.json": "{}", "uv.lock": ""}))
    assert [lock.file for lock in locks if locks_environment(lock)] == ["uv.lock"]
