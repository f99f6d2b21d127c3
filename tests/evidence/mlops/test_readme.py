"""The README's headings, sections and commands."""

import pytest

from tasks.evidence.mlops.readme import read_readme

TEXT = """# My project

Setup
-----
```bash
$ pip install -r requirements.txt
(venv) $ python src/train.py \\
    --epochs 3
# a comment
```
## Results
```python
python = 3
```
Run `streamlit run app.py` to see it, or

    make test

## License
MIT
"""


def test_sections_come_from_headings_of_both_styles(repository):
    readme = read_readme(repository({"README.md": TEXT}))
    assert readme.headings == ("My project", "Setup", "Results", "License")
    assert {"install", "results", "licence"} <= set(readme.sections)


def test_commands_are_joined_and_those_that_start_something_told(repository):
    readme = read_readme(repository({"README.md": TEXT}))
    assert readme.commands == ("pip install -r requirements.txt", "python src/train.py --epochs 3", "streamlit run app.py", "make test")
    assert readme.run_commands == readme.commands[1:]


@pytest.mark.parametrize("name", ["README.md", "Readme.md", "README.rst", "README", "readme.txt", "docs/README.md", ".github/README.md"])
def test_readme_is_found_under_its_usual_names(repository, name):
    assert read_readme(repository({name: "# Title\n"})).file == name


def test_root_comes_before_folders_and_empty_is_none(repository):
    assert read_readme(repository({"sub/deep/README.md": "# A\n", "README.md": ""})) is None


def test_secret_in_a_command_is_blanked(repository):
    token = "6f" * 10 + "a1b2c3d4e5f6a7b8c9d0"
    readme = read_readme(repository({"README.md": f"```bash\nexport MLFLOW_TRACKING_PASSWORD={token}\n```\n"}))
    assert token not in readme.model_dump_json()
    assert "redacted" in readme.commands[0]
