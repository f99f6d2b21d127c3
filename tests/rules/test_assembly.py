"""The report put together."""

from tasks.rules.assembly import assemble_report
from tasks.rules.contract import Repository
from tests.readiness import evidence, metric

REPOSITORY = Repository(url="https://github.com/o/n", name="o/n", commit="0" * 40, commit_date=None, files=3, bytes=9)


def verdict(language, **training):
    facts = evidence(
        {"languages": ({"name": language, "share": 1.0, "lines": 900},)},
        training={"split_present": True, "seeded": "yes", **training},
        evaluation={"metrics": (metric("rmse"),)},
    )
    return assemble_report(REPOSITORY, facts, {}, {}, "", {}).verdict


def test_training_that_could_mostly_not_be_read_gets_no_verdict():
    unread = verdict("lua", fits=(), files_read=0)
    assert unread.level == "partial"
    assert unread.sentence.startswith("No verdict: 19 of 22 rules on training could not be determined.")


def test_training_that_was_read_gets_one():
    assert verdict("python").level != "partial"
