from __future__ import annotations

from pathlib import Path

import pytest

from tasks.evidence.project.entrypoints.modules import Modules
from tasks.evidence.snapshot import Snapshot


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    for name, text in {
        "src/pkg/__init__.py": "from .core.models import Model as Net\n",
        "src/pkg/core/__init__.py": "",
        "src/pkg/core/models.py": "class Base:\n    def fit(self):\n        pass\n\nclass Model(Base):\n    pass\n",
        "src/pkg/cli.py": "from pkg import Net\n",
        "scripts/run.py": "import helper\n",
        "scripts/helper.py": "def go():\n    pass\n",
        "old/helper.py": "def go():\n    pass\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Modules(Snapshot.of_folder(tmp_path))


def test_a_module_is_found_beside_its_importer_first(modules):
    assert modules.file_of("helper", "scripts/run.py") == "scripts/helper.py"
    assert modules.file_of("helper", "old/x.py") == "old/helper.py"


def test_a_package_below_src_is_found_from_anywhere(modules):
    assert modules.file_of("pkg.core.models", "scripts/run.py") == "src/pkg/core/models.py"


def test_relative_imports_count_their_dots(modules):
    assert modules.file_of(".core.models", "src/pkg/cli.py") == "src/pkg/core/models.py"
    assert modules.file_of("..cli", "src/pkg/core/models.py") == "src/pkg/cli.py"


def test_a_re_export_leads_to_the_definition(modules):
    assert modules.find("pkg.Net", "src/pkg/cli.py") == ("src/pkg/core/models.py", "Model")


def test_a_class_named_like_its_module_is_the_class(tmp_path):
    for name, text in {
        "net/__init__.py": "from .net import net\n",
        "net/net.py": "class net:\n    def learn(self):\n        pass\n",
        "x.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert Modules(Snapshot.of_folder(tmp_path)).find("net.net", "x.py") == ("net/net.py", "net")


def test_an_inherited_method_is_found_in_its_base(modules):
    assert modules.method("src/pkg/core/models.py", "Model", "fit") == ("src/pkg/core/models.py", "Base.fit")


def test_a_library_is_not_a_file(modules):
    assert modules.file_of("sklearn.svm", "scripts/run.py") is None and modules.find("numpy.dot", "scripts/run.py") is None
