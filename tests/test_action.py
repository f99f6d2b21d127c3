"""`action.yml`: inputs reach the command as arguments and nothing else."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
ANALYSE = next(step for step in STEPS if step.get("id") == "analyze")
HOSTILE = """x"; touch "$PWNED"; echo '$(touch "$PWNED")' `touch "$PWNED"`"""


@pytest.fixture
def run_step(tmp_path):
    """Run the analysing step with a stand-in for `axiom` that notes its arguments and writes a report."""

    def run(exit_code=0, score="5.1", **inputs):
        source, report = tmp_path / "source", tmp_path / "report"
        (source / ".venv/bin").mkdir(parents=True, exist_ok=True)
        axiom = source / ".venv/bin/axiom"
        axiom.write_text(
            '#!/bin/sh\nprintf "%s\\n" "$@" > "$ARGUMENTS"\n'
            f'mkdir -p "$REPORT_FOLDER"; echo \'{{"score": {score}}}\' > "$REPORT_FOLDER/report.json"\n'
            'echo "# Report" > "$REPORT_FOLDER/report.md"\n'
            f"exit {exit_code}\n"
        )
        axiom.chmod(0o755)
        python = source / ".venv/bin/python"
        if not python.exists():
            python.symlink_to(shutil.which("python3"))
        names = {name: "" for name in ANALYSE["env"] if name.startswith("INPUT_")} | {"INPUT_PATH": "."}
        files = {name: str(tmp_path / name.lower()) for name in ("ARGUMENTS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "PWNED")}
        environment = {"PATH": os.environ["PATH"], "AXIOM_SOURCE": str(source), "REPORT_FOLDER": str(report), **names, **files, **inputs}
        subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", ANALYSE["run"]], env=environment, cwd=tmp_path, check=True
        )
        assert not (tmp_path / "pwned").exists()
        outputs = dict(line.split("=", 1) for line in (tmp_path / "github_output").read_text().splitlines())
        return (tmp_path / "arguments").read_text().splitlines(), outputs, (tmp_path / "github_step_summary").read_text()

    return run


def test_no_expression_is_pasted_into_a_script():
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_every_input_is_used_and_described():
    text = (ROOT / "action.yml").read_text()
    used = set(re.findall(r"\$\{\{[^}]*?inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])
    assert all(spec["description"] for spec in ACTION["inputs"].values())


def test_every_variable_of_a_step_is_used_by_its_script():
    for step in STEPS:
        for name in step.get("env", {}):
            assert f"${name}" in step["run"] or name == "AXIOM_HOME"


def test_it_checks_out_nothing_and_installs_from_the_lock():
    assert not [step for step in STEPS if "checkout" in step.get("uses", "")]
    assert any("make -C" in step.get("run", "") and "setup" in step["run"] for step in STEPS)
    assert any(step.get("uses") == "github/codeql-action/upload-sarif@v3" for step in STEPS)


def test_inputs_become_options(run_step):
    inputs = {
        "INPUT_REF": "v1",
        "INPUT_FAIL_UNDER": "6.5",
        "INPUT_FAIL_ON": "critical, TRN001",
        "INPUT_MODEL": "groq/x",
        "INPUT_PATH": "-sub",
    }
    arguments, outputs, summary = run_step(**inputs)
    assert arguments[3:] == ["--ref=v1", "--fail-under=6.5", "--model=groq/x", "--fail-on=critical", "--fail-on=TRN001", "--", "-sub"]
    assert (outputs["status"], outputs["score"], summary) == ("0", "5.1", "# Report\n")


def test_hostile_inputs_run_nothing(run_step):
    arguments, _, _ = run_step(**dict.fromkeys(("INPUT_REF", "INPUT_FAIL_UNDER", "INPUT_FAIL_ON", "INPUT_MODEL", "INPUT_PATH"), HOSTILE))
    assert (arguments[3], arguments[-1]) == (f"--ref={HOSTILE}", HOSTILE)


def test_a_missed_gate_still_leaves_a_summary(run_step):
    _, outputs, summary = run_step(exit_code=3)
    assert (outputs["status"], summary) == ("3", "# Report\n")


@pytest.mark.parametrize(("score", "expected"), [("null", ""), ("0.0", "0.0")])
def test_no_score_and_a_score_of_nought_differ(run_step, score, expected):
    assert run_step(score=score)[1]["score"] == expected


def test_a_module_in_the_analysed_repository_is_not_imported(run_step, tmp_path):
    (tmp_path / "json.py").write_text("import os; open(os.environ['PWNED'], 'w')\n")
    run_step()


def test_the_workflow_runs_the_same_command_as_ci_and_resolves_the_latest_on_schedule():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in workflow["jobs"].items()}
    assert runs["test"] == [".ci/run"]
    assert ".venv/bin/uv lock --upgrade" in runs["latest-dependencies"]
    assert workflow[True]["schedule"]
