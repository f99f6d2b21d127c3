import pytest

from tasks.evidence.mlops.readme import read_readme
from tasks.evidence.snapshot import Snapshot


@pytest.fixture
def absent(tmp_path):
    def build(*commands, files=()):
        for name in files:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        (tmp_path / "README.md").write_text("# Bikes\n\n```bash\n" + "\n".join(commands) + "\n```\n")
        return [(p.line, p.note.split()[0]) for p in read_readme(Snapshot.of_folder(tmp_path)).absent_files]

    return build


def test_a_script_under_another_folder_s_name_is_absent(absent):
    assert absent("pip install x", "python app/train.py --fast", files=["apps/train.py"]) == [(5, "app/train.py")]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("python train.py", "src/train.py"),
        ("python src\\train.py", "src/train.py"),
        ("python Train.py", "train.py"),
        ("pip install -r requirements.txt", "requirements.txt"),
        ("uv run python ./train.py > log.txt", "train.py"),
    ],
)
def test_a_script_in_some_folder_is_there(absent, command, file):
    assert absent(command, files=[file]) == []


@pytest.mark.parametrize(
    "command",
    ["python path/to/script.py", "python <file>.py", "python your_script.py", "python -m pkg.train", "docker run x python /app/a.py",
     "python /a.py", "python {{ name }}.py", "python -c 'import a'"],
)  # fmt: skip
def test_a_placeholder_or_a_file_elsewhere_is_not_judged(absent, command):
    assert absent(command) == []


def test_a_file_that_a_command_fetches_is_not_judged(absent):
    assert absent("wget https://x.y/get.py", "python get.py") == []


def test_a_file_of_a_second_repository_is_not_judged(absent):
    assert absent("git clone https://a/b", "git clone https://c/d", "python d.py") == []
