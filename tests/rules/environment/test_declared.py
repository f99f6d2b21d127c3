import pytest

from tasks.evidence.requirements.facts import DeclaredPackage, PackageList, RequirementFacts
from tasks.rules.environment.declared import declared_for


def listed(file, *names, kind="requirements", **more):
    return PackageList(file=file, kind=kind, packages=tuple(DeclaredPackage(name=n) for n in names), **more)


@pytest.mark.parametrize(
    ("files", "entry", "speaking"),
    [
        (["requirements.txt", "ml/requirements.txt"], "ml/src/train.py", "ml/requirements.txt"),
        (["requirements.txt", "app/requirements.txt"], "ml/train.py", "requirements.txt"),
        (["docker/requirements.txt"], "train.py", "docker/requirements.txt"),
        (["requirements-dev.txt", "requirements.txt"], "train.py", "requirements.txt"),
        (["requirements-train.txt", "requirements.txt"], "train.py", "requirements-train.txt"),
        (["requirements-dev.txt"], "train.py", "requirements-dev.txt"),
        (["serving/requirements.txt", "training/requirements.txt"], "run.py", "training/requirements.txt"),
        (["app/requirements.txt"], "app/train.py", "app/requirements.txt"),
    ],
)
def test_the_nearest_list_for_training_speaks(files, entry, speaking):
    facts = RequirementFacts(lists=tuple(listed(f, "x") for f in files))
    assert declared_for(facts, entry).files == (speaking,)


def test_a_requirements_file_and_the_packaging_beside_it_speak_together():
    facts = RequirementFacts(
        lists=(listed("setup.py", "b", kind="setup"), listed("requirements.txt", "a"), listed("environment.yml", "c", kind="conda"))
    )
    assert [w.package.name for w in declared_for(facts, "train.py").wanted] == ["a", "b"]


def test_includes_are_followed_once_even_in_a_circle():
    facts = RequirementFacts(lists=(listed("requirements.txt", "a", reads=("b.txt",)), listed("b.txt", "b", reads=("requirements.txt",))))
    assert [w.package.name for w in declared_for(facts, "train.py").wanted] == ["a", "b"]


def test_commands_speak_only_where_no_file_does():
    readme, docker = listed("README.md", "a", kind="readme"), listed("Dockerfile", "b", kind="docker")
    assert declared_for(RequirementFacts(lists=(readme, docker)), "train.py").files == ("README.md",)
    assert declared_for(RequirementFacts(lists=(listed("x/requirements.txt", "c"), readme)), "train.py").files == ("x/requirements.txt",)


def test_what_serving_lists_say_does_not_bound_training():
    facts = RequirementFacts(lists=(listed("requirements.txt", "a"), listed("deploy/requirements.txt", "b")))
    assert set(declared_for(facts, "train.py").elsewhere) == {"a"}
