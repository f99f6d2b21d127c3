from tasks.evidence.monitoring.logging import find_logging
from tasks.evidence.monitoring.services import find_services


def test_files_that_answer_requests_are_found_and_notebooks_and_tests_left_out(snapshot):
    files = {"app.py": "import os\nfrom fastapi import FastAPI\n", "tests/test_app.py": "import flask\n", "a.py": "import flashtext\n"}
    assert [(p.file, p.line) for p in find_services(snapshot(**files))] == [("app.py", 2)]


def test_a_scoring_script_with_init_and_run_answers_requests(snapshot):
    assert [p.file for p in find_services(snapshot(**{"score.py": "def init():\n    pass\ndef run(data):\n    return data\n"}))] == [
        "score.py"
    ]


def test_logging_and_printing_scripts_are_counted_apart(snapshot):
    files = {"a.py": "import logging\nlogging.info('x')\nprint(1)\n", "b.py": "print(1)\n", "c.py": "x = 1\n"}
    places, logging_files, printing_files = find_logging(snapshot(**files))
    assert [(p.file, p.line) for p in places] == [("a.py", 2)]
    assert (logging_files, printing_files) == (1, 1)
