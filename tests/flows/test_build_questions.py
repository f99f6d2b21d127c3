"""What an objective leaves open is asked once, and any right answer is taken."""

import click
from click.testing import CliRunner

from flows.build_questions import ask_back
from tasks.evidence.table.parsing import apply_schema, infer_schema
from tasks.evidence.table.profiling import profile_table
from tasks.evidence.table.reading import read_tables
from tasks.rules.building.request import BuildRequest
from tests.tables import churn_table


def answers(tmp_path, objective, typed):
    file = tmp_path / "churn.csv"
    churn_table().to_csv(file, index=False)
    reading = read_tables([file])
    schema = infer_schema(reading.frame)
    profile = profile_table(reading, schema, apply_schema(reading.frame, schema))
    found = []

    @click.command()
    def command():
        found.append(ask_back(BuildRequest(data=(str(file),), objective=objective), profile)[0])

    told = CliRunner().invoke(command, input=typed)
    return found[0] if found else None, told.output


def test_a_column_that_was_not_among_the_likely_ones_is_taken_and_a_wrong_one_asked_again(tmp_path):
    found, told = answers(tmp_path, "Build me a good model.", "nonsense\nplan\n")
    assert found["target"] == "plan" and "'nonsense' is not one of" in told


def test_nothing_is_asked_when_the_objective_says_it(tmp_path):
    found, told = answers(tmp_path, "Predict churned = yes, ranked well.", "")
    assert (found, told) == ({}, "")
