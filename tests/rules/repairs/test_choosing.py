"""Repairs: each kind of failure, read from the lines its tool really prints, gets the one change that mends it."""

import pytest

from tasks.evidence.launch.facts import LaunchFacts, Option, Program
from tasks.evidence.snapshot import Entry, Manifest
from tasks.rules.execution.plan import (
    Alternative,
    BuildFailure,
    BuiltEnvironment,
    EnvironmentPlan,
    ExecutionPlan,
    Repair,
    Requirement,
    Step,
)
from tasks.rules.execution.tree import Tree
from tasks.rules.repairs.choosing import KINDS, MAX_REPAIRS, GiveUp, applicable_repairs, choose_repair, describe_situation
from tasks.rules.repairs.situation import Candidate
from tasks.rules.sandbox.job import FolderCopy, JobOutcome

FAILED = JobOutcome(status="failed", cause="code", exit_code=1)


def step(file="train.py", workdir=".", *more):
    return Step(kind="script", file=file, command=("python", file, *more), display=f"python {file}", workdir=workdir)


def planned(train=None, requirements=("pandas", "scikit-learn"), **more):
    wanted = tuple(Requirement(name=n, source=f"import in train.py:{i}") for i, n in enumerate(requirements, 1))
    return ExecutionPlan(train=train or step(), environment=EnvironmentPlan(python="3.11", requirements=wanted), **more)


def situation(line, files=("train.py",), plan=None, outcome=FAILED, options=(), **more):
    tree = Tree(Manifest(url="", name="", commit=None, commit_date=None, entries=tuple(Entry(path=f, size=1) for f in files)))
    plan = plan or planned()
    launch = LaunchFacts(programs=(Program(file=plan.train.file, runs=(plan.train.file,), options=options),))
    lines = ["Traceback (most recent call last):", *line.split("\n")]
    return describe_situation(plan, outcome, lines, tree, launch, **more)


def chosen(*arguments, **named):
    found = choose_repair(situation(*arguments, **named))
    assert isinstance(found, Candidate), found
    return found


def specifiers(candidate):
    return {r.name: r.specifier for r in candidate.plan.environment.requirements}


def test_a_missing_module_is_added_under_its_packages_name():
    found = chosen("ModuleNotFoundError: No module named 'yaml'")
    assert found.repair.kind == "missing_module" and "pyyaml" in specifiers(found)
    assert found.repair.reason == "ModuleNotFoundError: No module named 'yaml'"


def test_what_keras_lost_in_2_13_asks_for_an_older_one_even_where_it_is_no_keras_3():
    built = BuiltEnvironment(image="i", key="k", python="3.11", resolved=("tensorflow-cpu==2.13.0", "keras==2.13.1"))
    found = chosen(
        "ImportError: cannot import name 'np_utils' from 'keras.utils' (a)", plan=planned(requirements=("keras", "tensorflow")), built=built
    )
    assert specifiers(found)["tensorflow"] == "<2.13"


def test_a_folder_that_many_packages_share_names_none_of_them():
    assert isinstance(choose_repair(situation("ModuleNotFoundError: No module named 'google'")), GiveUp)


@pytest.mark.parametrize("module", ["google", "google.colab"])
def test_of_a_notebook_what_its_authors_drive_lacks_is_mended_from_the_repository(module):
    lines = (
        "[cell 7] NameError: name 'data' is not defined\n"
        f"cell 1 failed: ModuleNotFoundError: No module named '{module}'\n"
        "cell 3 failed: FileNotFoundError: [Errno 2] No such file or directory: 'drive/My Drive/heart.csv'\n"
        "cell 7 failed: NameError: name 'data' is not defined"
    )
    notebook = Step(kind="notebook", file="heart.ipynb", command=("python", "run_notebook.py", "heart.ipynb"), display="run heart.ipynb")
    found = chosen(lines, files=("heart.ipynb", "heart.csv"), plan=planned(notebook))
    assert found.plan.copies == (FolderCopy(source="heart.csv", target="drive/My Drive/heart.csv"),)


def test_a_file_spelt_otherwise_is_copied_to_where_it_is_looked_for():
    found = chosen("FileNotFoundError: [Errno 2] No such file or directory: 'data/crop-rows.csv'", files=("train.py", "raw/crop_rows.csv"))
    assert found.plan.copies == (FolderCopy(source="raw/crop_rows.csv", target="data/crop-rows.csv"),)


def test_a_module_of_the_repository_is_no_package_but_a_folder_to_import_from():
    found = chosen(
        "ModuleNotFoundError: No module named 'utils'", files=("a/train.py", "lib/utils/io.py"), plan=planned(step("a/train.py"))
    )
    assert found.repair.kind == "module_form"
    assert found.plan.train.env["PYTHONPATH"] == "/work/repo/lib"


def test_a_dotted_import_makes_a_script_a_module():
    line = "ImportError: attempted relative import with no known parent package"
    found = chosen(line, files=("pkg/__init__.py", "pkg/train.py"), plan=planned(step("pkg/train.py")))
    assert found.plan.train.command == ("python", "-m", "pkg.train")


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("ImportError: libGL.so.1: cannot open shared object file: No such file or directory", "libgl1"),
        ("OSError: libgomp.so.1: cannot open shared object file: No such file or directory", "libgomp1"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'git'", "git"),
    ],
)
def test_a_missing_system_library_comes_from_the_closed_table(line, package):
    assert chosen(line).plan.environment.system_packages == (package,)


def test_a_library_that_no_table_knows_is_not_made_up():
    assert isinstance(choose_repair(situation("ImportError: libevil.so.7: cannot open shared object file")), GiveUp)


@pytest.mark.parametrize(
    ("line", "package", "bound", "kind"),
    [
        ("AttributeError: module 'numpy' has no attribute 'float'", "numpy", "<1.24", "incompatible_numpy"),
        ("ImportError: numpy.core.multiarray failed to import", "numpy", "<2", "incompatible_numpy"),
        ("ImportError: cannot import name 'plot_confusion_matrix' from 'sklearn.metrics' (/opt/env/x.py)", "scikit-learn", "<1.2", "removed_api"),
        ("TypeError: OneHotEncoder.__init__() got an unexpected keyword argument 'sparse'", "scikit-learn", "<1.4", "removed_api"),
        ("AttributeError: 'DataFrame' object has no attribute 'append'", "pandas", "<2", "removed_api"),
        ("ValueError: Cannot specify both 'labels' and 'index'/'columns'", "pandas", "<3", "removed_api"),
        ("TypeError: train() got an unexpected keyword argument 'early_stopping_rounds'", "lightgbm", "<4", "removed_api"),
    ],
)  # fmt: skip
def test_a_removed_name_bounds_the_one_package_that_had_it(line, package, bound, kind):
    found = chosen(line, plan=planned(requirements=("scipy", package)))
    assert (found.repair.kind, specifiers(found)) == (kind, {"scipy": "", package: bound})


def test_a_package_already_under_the_bound_is_not_bounded_again():
    built = BuiltEnvironment(image="i", key="k", python="3.11", resolved=("pandas==1.5.3",))
    found = choose_repair(situation("AttributeError: 'DataFrame' object has no attribute 'append'", built=built))
    assert isinstance(found, GiveUp)


def test_a_numpy_nobody_asked_for_is_bounded_all_the_same():
    built = BuiltEnvironment(image="i", key="k", python="3.11", resolved=("numpy==2.1.0", "pandas==1.5.3"))
    assert specifiers(chosen("AttributeError: module 'numpy' has no attribute 'int'", built=built))["numpy"] == "<1.24"


def test_a_windows_path_is_copied_under_its_literal_name():
    line = r"FileNotFoundError: [Errno 2] No such file or directory: 'notebook\\data\\rows.csv'"
    found = chosen(line, files=("train.py", "notebook/data/rows.csv"))
    assert found.plan.copies == (FolderCopy(source="notebook/data/rows.csv", target="notebook\\data\\rows.csv"),)


def test_a_file_that_exists_from_another_folder_moves_the_start():
    line = "FileNotFoundError: [Errno 2] No such file or directory: '../data/rows.csv'"
    found = chosen(line, files=("apps/train.py", "data/rows.csv"), plan=planned(step("apps/train.py")))
    assert (found.plan.train.workdir, found.plan.train.command) == ("apps", ("python", "train.py"))


def test_a_file_under_another_case_is_copied():
    found = chosen("FileNotFoundError: [Errno 2] No such file or directory: 'data/Rows.csv'", files=("train.py", "data/rows.CSV"))
    assert found.plan.copies == (FolderCopy(source="data/rows.CSV", target="data/Rows.csv"),)


def test_a_folder_to_write_to_is_made():
    lines = "  File \"train.py\", line 9, in <module>\n    df.to_csv('out/a.csv')\nOSError: Cannot save file into a non-existent directory: 'out'"
    assert chosen(lines).plan.folders == ("out",)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc", "/root/.ssh/id"])
def test_no_folder_or_copy_leads_out_of_the_repository(path):
    found = applicable_repairs(situation(f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'\nopen('{path}', 'w')"))
    assert all(not c.plan.folders and not c.plan.copies for c in found)


def test_a_demanded_argument_with_one_data_file_is_given():
    line = "usage: train.py [-h] --data DATA\ntrain.py: error: the following arguments are required: --data"
    found = chosen(line, files=("train.py", "data/train.csv"), options=(Option(flag="--data", required=True),))
    assert found.plan.train.command == ("python", "train.py", "--data", "data/train.csv")


def test_a_demanded_secret_is_not_invented():
    found = choose_repair(situation("KeyError: 'AWS_SECRET_KEY'\n<frozen os> os.environ['AWS_SECRET_KEY']"))
    assert isinstance(found, GiveUp)


def test_a_demanded_name_in_the_environment_is_set():
    lines = "  File \"<frozen os>\", line 679, in __getitem__\nKeyError: 'GITHUB_USERNAME'"
    assert chosen(lines).plan.train.env == {"GITHUB_USERNAME": "axiom"}


def test_memory_that_ran_out_makes_the_batch_smaller_where_there_is_an_option():
    killed = JobOutcome(status="failed", cause="oom", exit_code=137, oom=True, detail="more than 4 GiB of memory")
    found = chosen("Killed", outcome=killed, options=(Option(flag="--batch-size", default="256"),))
    assert found.plan.train.command[-1] == "--batch-size=8"
    assert isinstance(end := choose_repair(situation("Killed", outcome=killed)), GiveUp)
    assert end.reason == "gpu_or_size" and "--memory" in end.remedy


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        ("urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", "data_missing", "--network bridge"),
        ("OSError: We couldn't connect to 'https://huggingface.co' to load the files", "data_missing", "--network bridge"),
        ("RuntimeError: No CUDA GPUs are available", "gpu_or_size", "GPU"),
        ("botocore.exceptions.NoCredentialsError: Unable to locate credentials", "credentials_or_platform", "credentials"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'", "data_missing", "data"),
        ("ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/x.py)", "python_version", "Python"),
    ],
)
def test_what_is_missing_in_the_world_is_told_and_not_repaired(line, reason, said):
    end = choose_repair(situation(line))
    assert isinstance(end, GiveUp)
    assert (end.reason, end.evidence) == (reason, line) and said in end.remedy


def test_a_build_that_fails_on_a_pin_lets_it_go():
    plan = planned()
    pinned = plan.environment.requirements[0].model_copy(update={"specifier": "==0.1"})
    plan = plan.model_copy(update={"environment": plan.environment.model_copy(update={"requirements": (pinned,)})})
    failure = BuildFailure(cause="code", step="resolve", detail="pandas==0.1 has no wheel", packages=("pandas",))
    assert specifiers(chosen("", plan=plan, outcome=None, build=failure)) == {"pandas": ""}


@pytest.mark.parametrize(("cause", "said"), [("disk", "docker image prune"), ("network", "package index"), ("timeout", "again")])
def test_a_build_that_failed_for_a_reason_of_this_machine_says_nothing_about_the_repository(cause, said):
    failure = BuildFailure(cause=cause, step="install", detail="the environment does not fit")
    end = choose_repair(situation("", outcome=None, build=failure))
    assert (end.reason, end.step) == (None, "environment: install") and said in end.remedy


def test_an_end_without_a_result_goes_on_to_the_next_entry():
    other = Alternative(step=step("main.py"), environment=EnvironmentPlan(python="3.11"))
    good = JobOutcome(status="succeeded", exit_code=0)
    found = chosen("done", plan=planned(alternatives=(other,)), outcome=good)
    assert (found.repair.kind, found.plan.train.file, found.plan.alternatives) == ("other_entry", "main.py", ())


def test_no_repair_is_tried_twice_nor_more_often_than_allowed():
    first = chosen("ModuleNotFoundError: No module named 'yaml'").repair
    here = situation("ModuleNotFoundError: No module named 'yaml'")
    assert applicable_repairs(here, [first]) == []
    others = [Repair(kind="folder", reason="", change=str(n)) for n in range(MAX_REPAIRS)]
    assert applicable_repairs(here, others) == []


@pytest.mark.parametrize("cause", ["timeout", "cancelled", "disk", "engine"])
def test_an_end_from_outside_is_not_repaired(cause):
    ended = JobOutcome(status="failed", cause=cause, detail="ended")
    assert applicable_repairs(situation("ModuleNotFoundError: No module named 'yaml'", outcome=ended)) == []


def test_of_a_notebook_the_first_failing_cell_is_mended():
    lines = "[cell 1] ModuleNotFoundError: No module named 'yaml'\n[cell 2] NameError: name 'yaml' is not defined\n[cell 9] ModuleNotFoundError: No module named 'cv2'"
    plan = planned(Step(kind="notebook", file="a.ipynb", command=("python", "x", "a.ipynb"), display="run a.ipynb"))
    assert "pyyaml" in specifiers(chosen(lines, plan=plan))


def test_a_hostile_log_costs_no_time():
    lines = "No module named '" + "a" * 100_000 + "\n" + ("x: " * 50_000) + "\n" + "FileNotFoundError: '" + "\\" * 50_000
    assert len(applicable_repairs(situation(lines))) <= 2


def test_every_repair_made_here_is_of_the_closed_set():
    assert len(KINDS) == len(set(KINDS)) == 13
