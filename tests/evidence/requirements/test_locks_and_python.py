from tasks.evidence.requirements import collect
from tasks.evidence.requirements.locks import read_locks
from tasks.evidence.requirements.python import find_declared_python


def test_versions_of_three_kinds_of_locks(repository):
    toml = '[[package]]\nname = "NumPy"\nversion = "1.2.3"\n[[package]]\nname = "own"\nsource = { editable = "." }\n'
    files = {"poetry.lock": toml, "a/uv.lock": toml, "Pipfile.lock": '{"default": {"pandas": {"version": "==1.5"}, "x": {"git": "u"}}}'}
    assert {x.kind: x.versions for x in read_locks(repository(files))} == {
        "poetry": {"numpy": "1.2.3"}, "uv": {"numpy": "1.2.3"}, "pipenv": {"pandas": "1.5"}}  # fmt: skip


def test_a_broken_lock_has_no_versions(repository):
    assert [x.versions for x in read_locks(repository({"poetry.lock": "[[", "Pipfile.lock": "[" * 50_000}))] == [{}, {}]


def test_classifiers_follow_the_metadata_and_name_the_newest(repository):
    text = 'setup(python_requires=">=3.7", classifiers=["Programming Language :: Python :: 3.9", "Programming Language :: Python :: 3.10"])'
    found = find_declared_python(repository({"setup.py": text}))
    assert [(d.version, d.source) for d in found] == [(">=3.7", "requires-python"), ("3.10", "classifier")]


def test_an_empty_repository_needs_nothing(repository):
    facts = collect(repository({}))
    assert (facts.lists, facts.locks, facts.files, facts.python, facts.files_left_out) == ((), (), (), (), 0)
