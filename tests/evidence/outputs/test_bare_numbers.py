"""Names for lone numbers, from the code."""

import pytest

from tasks.evidence.outputs.bare_numbers import Printed, name_bare_numbers
from tasks.evidence.outputs.printed_names import printed_names
from tasks.evidence.outputs.seen import Seen
from tasks.evidence.snapshot import Snapshot


def bare(*values, cell=None):
    return [Seen("", "", v, place=f"log:{i}", cell=cell) for i, v in enumerate(values, 1)]


@pytest.fixture
def export(tmp_path):
    def write(files):
        for name, text in files.items():
            path = tmp_path / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "manifest.json").write_text(Snapshot.of_folder(tmp_path / "tree").manifest.model_dump_json())
        return tmp_path / "tree"

    return write


def test_prints_name_numbers_in_their_order_also_in_a_loop():
    printed = [Printed("accuracy", "train.py:3"), Printed("f1", "train.py:4")]
    assert [s.name for s in name_bare_numbers(bare(0.9, 0.8, 0.7, 0.6), printed, ())] == ["accuracy", "f1", "accuracy", "f1"]


def test_the_only_metric_that_can_have_the_value_names_it_and_says_where_from():
    (named,) = name_bare_numbers(bare(3.2), (), [("eval.py", "accuracy"), ("eval.py", "rmse")])
    assert named.name == "rmse" and "eval.py" in named.place


def test_the_entrys_own_metric_comes_before_those_of_other_files():
    hints = [("a.py", "accuracy"), ("train.py", "f1")]
    assert [s.name for s in name_bare_numbers(bare(0.5), (), hints, "train.py")] == ["f1"]


def test_what_the_code_does_not_tell_stays_unnamed():
    assert [s.name for s in name_bare_numbers(bare(0.5), (), [("a.py", "accuracy"), ("a.py", "f1")])] == ["unnamed"]


def test_a_vague_score_is_the_one_metric_computed():
    (named,) = name_bare_numbers([Seen("score", "Score", 0.85, place="log:1")], (), [("a.py", "r2")])
    assert (named.name, named.original) == ("r2", "Score")


def test_the_cell_of_a_notebook_tells():
    printed = [Printed("r2", "n.ipynb cell 3", 3), Printed("accuracy", "n.ipynb cell 9", 9), Printed("f1", "n.ipynb cell 10", 10)]
    (named,) = name_bare_numbers(bare(0.5, cell=9), printed, ())
    assert named.name == "accuracy"


def test_a_score_held_in_a_variable(export):
    code = (
        "from sklearn.ensemble import RandomForestClassifier\nclf = RandomForestClassifier().fit(X, y)\n"
        "acc = clf.score(X_test, y_test)\nprint(acc)\nprint('done')\n"
    )
    assert [(p.name, p.place) for p in printed_names(export({"train.py": code}), "train.py")] == [("accuracy", "train.py:4")]


def test_a_score_returned_by_a_method_in_another_file(export):
    tree = export(
        {
            "src/run.py": "from src.trainer import Trainer\nif __name__ == '__main__':\n    trainer = Trainer()\n    print(trainer.start(a, b))\n",
            "src/trainer.py": "from sklearn.metrics import r2_score\nclass Trainer:\n    def start(self, a, b):\n        best = max(a)\n"
            "        r2_square = r2_score(b, a)\n        return r2_square\n",
        }
    )
    assert [p.name for p in printed_names(tree, "src/run.py")] == ["r2"]


def test_rounding_percent_and_formatting_do_not_hide_the_metric(export):
    code = (
        "from sklearn.metrics import accuracy_score, f1_score\nprint(round(accuracy_score(y, p) * 100, 2))\n"
        "score = f1_score(y, p)\nprint(f'{score:.3f}')\nprint('F1: ', score)\nprint(len(p))\n"
    )
    assert [p.name for p in printed_names(export({"t.py": code}), "t.py")] == ["accuracy", "f1"]


def test_an_entry_without_source_has_no_names(tmp_path):
    assert printed_names(tmp_path, "dvc.yaml") == ()
