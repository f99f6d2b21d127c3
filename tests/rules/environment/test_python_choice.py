import pytest

from tasks.evidence.mlops.facts import PythonDeclaration
from tasks.evidence.place import Place
from tasks.evidence.requirements.facts import DeclaredPackage, ImplyingCall, ImportedModule, PackageList, PythonFile, RequirementFacts
from tasks.rules.environment.closure import reach
from tasks.rules.environment.declared import declared_for
from tasks.rules.environment.python_choice import choose_python

TRAIN = PythonFile(file="train.py")


def chosen(python=(), packages=(), file=TRAIN):
    lists = (PackageList(file="requirements.txt", kind="requirements", packages=packages),) if packages else ()
    facts = RequirementFacts(python=tuple(python), lists=lists, files=(file,))
    return choose_python(facts, reach(facts, "train.py"), declared_for(facts, "train.py"))


def says(version, source="requires-python", file="pyproject.toml"):
    return PythonDeclaration(version=version, source=source, place=Place(file=file, line=3))


@pytest.mark.parametrize(
    ("declared", "version"),
    [
        (">=3.8", "3.11"),
        ("^3.8", "3.11"),
        (">=3.8,<3.11", "3.10"),
        (">=3.7.1,<3.10", "3.9"),
        ("~=3.9", "3.11"),
        ("==3.9.*", "3.9"),
        ("3.8", "3.8"),
        (">=3.14", "3.14"),
        (">=3.13", "3.14"),
        ("<3.9", "3.8"),
        ("~3.9", "3.9"),
        (">=3.15", "3.15"),
        ("nonsense 3", "3.11"),
    ],
)
def test_a_declared_range_decides(declared, version):
    assert chosen([says(declared)]).version == version


def test_the_reason_names_the_place():
    assert chosen([says(">=3.14")]).reason == "pyproject.toml:3 asks for >=3.14"


@pytest.mark.parametrize("source", ["environment", "docker", "ci", "kernel", "python-version file", "runtime.txt"])
def test_what_was_used_is_no_limit(source):
    choice = chosen([says("3.7", source, "x")])
    assert choice.version == "3.11"
    assert "3.7" in choice.reason


def test_another_projects_metadata_says_nothing():
    assert chosen([says("<3.9", file="other/pyproject.toml")]).version == "3.11"


def test_nothing_declared_gets_the_preferred():
    assert chosen().version == "3.11"


@pytest.mark.parametrize(
    ("specifier", "version"), [("==1.15.4", "3.7"), ("<2", "3.7"), ("==2.4.0", "3.8"), ("==2.12.0", "3.11"), (">=2", "3.11"), ("", "3.11")]
)
def test_tensorflow_pins_ask_for_the_last_python_they_had(specifier, version):
    file = PythonFile(file="train.py", imports=(ImportedModule(module="tensorflow", line=1),))
    assert chosen(packages=(DeclaredPackage(name="tensorflow", specifier=specifier),), file=file).version == version


def test_a_pin_that_the_entry_does_not_import_decides_nothing():
    assert chosen(packages=(DeclaredPackage(name="tensorflow", specifier="==1.15"),)).version == "3.11"


def test_tensorflow_1_is_known_by_its_modules_and_calls():
    contrib = PythonFile(file="train.py", imports=(ImportedModule(module="tensorflow.contrib.rnn", line=4),))
    called = PythonFile(
        file="train.py",
        imports=(ImportedModule(module="tensorflow", line=1),),
        tensorflow1=ImplyingCall(module="tensorflow", call="tensorflow.Session", line=9),
    )
    assert chosen(file=contrib).version == chosen(file=called).version == "3.7"


def test_python_2_is_named():
    assert chosen(file=PythonFile(file="train.py", python2=7)).version == "2.7"
