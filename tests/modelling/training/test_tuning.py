from tasks.modelling.training.configuration import Problem
from tasks.modelling.training.families.family import Size
from tasks.modelling.training.tuning import Tuner

ASKED = ("logistic", Size(500, 5, 1), Problem("binary", 2, "roc_auc", 600))


def ask(tuner):
    trial, params = tuner.ask(*ASKED)
    tuner.tell("logistic", trial, params["C"], None)
    return trial.number, params["C"]


def test_a_later_loop_of_the_same_features_goes_on_with_other_suggestions(tmp_path):
    first = [ask(Tuner(tmp_path, 1, "recipe", 0))]
    later = Tuner(tmp_path, 2, "recipe", 0)
    first += [ask(later), ask(later)]
    assert [number for number, _ in first] == [0, 1, 2] and len({c for _, c in first}) == 3


def test_other_features_begin_a_study_of_their_own(tmp_path):
    ask(Tuner(tmp_path, 1, "recipe", 0))
    assert ask(Tuner(tmp_path, 2, "other", 0))[0] == 0


def test_a_fresh_study_suggests_the_same_again_and_leaves_other_loops_alone(tmp_path):
    first = [ask(Tuner(tmp_path, loop, "recipe", 0, fresh=True)) for loop in (1, 2, 2)]
    assert first[1] == first[2] != first[0]
    assert ask(Tuner(tmp_path, 1, "recipe", 0))[0] == 1
