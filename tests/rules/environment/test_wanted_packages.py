"""Only plain packages reach the resolver; pins loosen one step at a time; GPU builds become CPU builds."""

import pytest

from tasks.rules.environment.cpu_builds import prefer_cpu
from tasks.rules.environment.wanted_packages import LineRefused, Wanted, read_wanted
from tasks.rules.execution.plan import Requirement


def requirement(name, specifier="", marker="", source="requirements.txt:1"):
    return Requirement(name=name, specifier=specifier, marker=marker, source=source)


@pytest.mark.parametrize(
    "hostile",
    [
        requirement("-r /etc/hostname"),
        requirement("--index-url=http://127.0.0.1/simple"),
        requirement("six @ file:///etc/passwd"),
        requirement("six", " @ https://example.org/six.whl"),
        requirement("six", "==1.0\n--index-url http://127.0.0.1"),
        requirement("../six"),
        requirement("six", "", "python_version > '3'\n-e ."),
        requirement("six" * 200),
    ],
)
def test_what_is_more_than_a_package_is_refused(hostile):
    with pytest.raises(LineRefused, match=r"not a plain package|an address"):
        read_wanted([hostile], kernel=False)


def test_more_lines_than_any_project_has_are_refused():
    with pytest.raises(LineRefused, match="limit of 500"):
        read_wanted([requirement(f"package-{n}") for n in range(501)], kernel=False)


def test_names_are_normalised_and_asked_once():
    wanted = read_wanted([requirement("Scikit_Learn", "==1.2.0"), requirement("scikit-learn", "==1.2.0")], kernel=False)
    assert [w.line() for w in wanted if not w.own] == ["scikit-learn==1.2.0"]


def test_a_kernel_is_asked_for_beside_the_rest():
    names = [w.name for w in read_wanted([requirement("pandas")], kernel=True)]
    assert names == ["pandas", "ipykernel", "ipython", "jupyter-client", "nbclient", "nbformat", "setuptools"]


def test_a_pin_loosens_to_the_minor_then_the_major_then_any():
    steps, wish = [], Wanted("numpy", "==1.16.4")
    while wish := wish.loosened():
        steps.append(wish.line())
    assert steps == ["numpy~=1.16.4", "numpy~=1.16", "numpy"]


def test_a_pin_of_two_numbers_and_a_range_loosen_too():
    assert Wanted("pandas", "==0.25").loosened() == Wanted("pandas", "~=0.25")
    assert Wanted("pandas", ">=0.2,<1").loosened() == Wanted("pandas")
    assert Wanted("pandas").loosened() is None


def test_gpu_packages_become_cpu_builds_or_nothing():
    asked = [
        Wanted("tensorflow-gpu", "==2.4.0"), Wanted("torch", "==1.7.1+cu110"), Wanted("cupy-cuda11x"), Wanted("nvidia-cudnn-cu11"),
        Wanted("faiss-gpu"), Wanted("jax", extras=("cuda12",)), Wanted("numpy"),
    ]  # fmt: skip
    kept, notes = prefer_cpu(asked)
    assert [w.line() for w in kept] == ["tensorflow==2.4.0", "torch==1.7.1", "faiss-cpu", "jax", "numpy"]
    assert len(notes) == 6


def test_a_replaced_package_is_not_asked_twice():
    kept, _ = prefer_cpu([Wanted("tensorflow"), Wanted("tensorflow-gpu")])
    assert kept == [Wanted("tensorflow")]
