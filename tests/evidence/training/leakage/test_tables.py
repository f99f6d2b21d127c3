from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks


def test_words_of_a_cell_are_no_split_of_rows(tmp_path):
    code = (
        "import pandas as pd\nfrom sklearn.model_selection import cross_val_score\ndata = pd.read_csv('train.csv')\n"
        "data['Age'] = data['Age'].fillna(data['Age'].median())\nfor name in data['Name']:\n    print(name.split(',')[1].split('.')[0])\n"
    )
    (tmp_path / "look.py").write_text(code)
    assert find_leaks(Snapshot.of_folder(tmp_path)) == ()
