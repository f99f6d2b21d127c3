from tasks.evidence.dataset import collect
from tasks.evidence.snapshot import Snapshot

ROWS = "".join(f"{i},{i % 7},{i % 2}\n" for i in range(60))


def test_a_table_without_its_sibling_s_target_has_none(tmp_path):
    (tmp_path / "all.csv").write_text("age,city,churn\n" + ROWS)
    (tmp_path / "new.csv").write_text("age,city\n" + "".join(f"{i},{i % 7}\n" for i in range(60)))
    (tmp_path / "a.py").write_text(
        "import pandas as pd\ndf = pd.read_csv('all.csv')\ny = df['churn']\nt = pd.read_csv('new.csv')\ny = t.iloc[:, -1]\n"
    )
    assert {d.path: d.target for d in collect(Snapshot.of_folder(tmp_path)).datasets} == {"all.csv": "churn", "new.csv": None}
