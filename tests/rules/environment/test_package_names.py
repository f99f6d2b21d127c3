import pytest
from packaging.utils import canonicalize_name

from tasks.rules.environment.needless import always_needless, needless_unless_imported
from tasks.rules.environment.package_names import IMPORTS, RENAMED, is_known, package_of, renamed


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("sklearn", "scikit-learn"),
        ("cv2", "opencv-python-headless"),
        ("PIL", "pillow"),
        ("yaml", "pyyaml"),
        ("bs4", "beautifulsoup4"),
        ("skimage", "scikit-image"),
        ("google.cloud.storage.blob", "google-cloud-storage"),
        ("google.protobuf", "protobuf"),
        ("azure.storage.blob", "azure-storage-blob"),
        ("mpl_toolkits.mplot3d", "matplotlib"),
        ("tensorflow.keras.layers", "tensorflow"),
        ("pytorch_lightning", "pytorch-lightning"),
        ("tqdm", "tqdm"),
        ("some_thing", "some-thing"),
        ("attr", "attrs"),
        ("ldap", "python-ldap"),
    ],
)
def test_imports_lead_to_packages(module, package):
    assert package_of(module) == package


@pytest.mark.parametrize("module", ["google.colab", "utils", "win32com.client", "kaggle_secrets", "cupy"])
def test_what_pip_cannot_bring_has_no_package(module):
    assert package_of(module) == ""


def test_a_guess_is_not_called_known():
    assert is_known("sklearn")
    assert is_known("ldap")
    assert not is_known("some_thing")


def test_names_in_the_tables_are_normalised_and_living():
    for name in [*(v for v in IMPORTS.values() if v), *RENAMED.values()]:
        assert canonicalize_name(name) == name
        assert renamed(name) == name, f"{name} is renamed again"


@pytest.mark.parametrize("name", ["pytest-randomly", "mkdocs-foo", "ipykernel", "cupy-cuda11x", "os-sys", "tensorflow-intel"])
def test_never_needed(name):
    assert always_needless(name)


@pytest.mark.parametrize("name", ["numpy", "typer", "openpyxl", "protobuf", "sphinxbase", "jupyterthemes-x"])
def test_maybe_needed(name):
    assert not always_needless(name)


def test_heavy_libraries_are_needless_only_where_imports_were_followed():
    assert needless_unless_imported("torch", is_followed=True)
    assert not needless_unless_imported("torch", is_followed=False)
    assert needless_unless_imported("apache-airflow-providers-http", is_followed=False)
