from tasks.evidence.training.hyperparameters import read_hyperparameters


def test_literal_and_configured_values_are_counted_apart(snapshot):
    code = "from sklearn.ensemble import RandomForestClassifier as R\nm = R(n_estimators=100, max_depth=cfg.depth, n_jobs=2)\n"
    found = read_hyperparameters(snapshot(train_py=code))
    assert (found.literal, found.configured) == (1, 1)
    assert [(p.line, p.note) for p in found.places] == [(2, "1 values written into the call")]


def test_a_command_line_option_is_configuration(snapshot):
    code = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', default=0.1)\n"
    assert (read_hyperparameters(snapshot(train_py=code)).configured) == 1


def test_searches_are_named(snapshot):
    code = "import optuna\nfrom sklearn.model_selection import GridSearchCV\noptuna.create_study()\nGridSearchCV(m, {})\n"
    assert read_hyperparameters(snapshot(train_py=code)).searches == ("GridSearchCV", "optuna")
