import pytest
from packaging.specifiers import SpecifierSet

from tasks.evidence.requirements.specifiers import to_pep440


@pytest.mark.parametrize(
    ("said", "pep440"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^3.8", ">=3.8,<4"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.4", "~=1.4"),
        ("1.2.3", "==1.2.3"),
        ("=1.2", "==1.2.*"),
        ("=1.2.3", "==1.2.3"),
        ("=1.2.3=py37_0", "==1.2.3"),
        ("==1.18.*", "==1.18.*"),
        (">=1.0, <2", ">=1.0,<2"),
        (">= 1.0", ">=1.0"),
        ("==v1.2", "==1.2"),
        ("*", ""),
        ("", ""),
        ("^1.3.post1", ">=1.3.post1,<2"),
    ],
)
def test_constraints_of_other_tools_in_pep440(said, pep440):
    assert to_pep440(said) == pep440
    SpecifierSet(pep440)


@pytest.mark.parametrize("said", [">=1 || <0.5", "git+https://example.org/a", "^1 - 2", "==1.0 --hash=x", "{{ version }}", ">=", "~=1"])
def test_what_pep440_cannot_say_is_none(said):
    assert to_pep440(said) is None
