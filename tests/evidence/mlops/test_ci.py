"""CI is what its commands do: every usual system, names followed to commands, and echo is nothing."""

import pytest

from tasks.evidence.mlops.ci import find_pipelines


def workflow(*steps):
    lines = "\n".join(f"      - {s}" for s in steps)
    return f"on: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n{lines}\n"


def runs(snapshot):
    return {word for pipeline in find_pipelines(snapshot) for word in pipeline.runs}


def run_of(repository, command, **files):
    return runs(repository({".github/workflows/ci.yml": workflow(f"run: {command}"), **files}))


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("pytest -q", "tests"),
        ("python -m pytest tests", "tests"),
        ("poetry run pytest", "tests"),
        ("uv run --group test pytest", "tests"),
        ("coverage run -m pytest", "tests"),
        ("python -m unittest discover", "tests"),
        ("conda run -n env pytest", "tests"),
        ("docker run --rm image pytest", "tests"),
        ("PYTHONPATH=. python tests/test_model.py", "tests"),
        ("flake8 . --count", "lint"),
        ("ruff format --check .", "lint"),
        ("uvx ruff check", "lint"),
        ("python -m black --check src", "lint"),
        ("mypy src", "typecheck"),
        ("npx pyright", "typecheck"),
        ("pip-audit", "security_scan"),
        ("bandit -r src", "security_scan"),
        ("mkdocs gh-deploy --force", "docs"),
        ("sphinx-build docs out", "docs"),
        ("twine upload dist/*", "publish"),
        ("poetry publish --build", "publish"),
        ("python train.py --epochs 1", "train"),
        ("python -m src.models.train_model", "train"),
        ("python main.py train", "train"),
        ("python main.py --mode=train", "train"),
        ("dvc repro", "train"),
        ("kedro run", "train"),
        ("python src/evaluate.py", "evaluate"),
        ("cml comment create report.md", "report"),
        ("docker build -t app .", "docker_build"),
        ("docker buildx build --push .", "docker_build"),
        ("docker compose build", "docker_build"),
        ("kubectl apply -f k8s/", "deploy"),
        ("gcloud run deploy app --image x", "deploy"),
        ("aws ecs update-service --cluster c", "deploy"),
        ("helm upgrade --install app chart", "deploy"),
        ("git push https://heroku.com/app.git main", "deploy"),
        ("git push --force https://u:$HF_TOKEN@huggingface.co/spaces/a/b main", "deploy"),
        ("jupyter nbconvert --to notebook --execute a.ipynb", "notebooks"),
    ],
)
def test_command_is_known_by_what_it_does(repository, command, word):
    assert run_of(repository, f'"{command}"') == {word}


@pytest.mark.parametrize(
    "command",
    [
        "echo 'Running pytest and deploying'",
        "pip install pytest flake8 mypy",
        "python -m pip install -r requirements.txt",
        "conda install pytest",
        "apt-get install -y docker",
        "ls tests",
        "# pytest",
        "pytest --version",
        "docker push image",
        "docker login -u x",
        "terraform plan",
        "az account show",
        "git push origin main",
        "pre-commit install",
    ],
)
def test_printing_and_installing_is_nothing(repository, command):
    assert run_of(repository, f'"{command}"') == set()


def test_workflow_that_only_echoes_says_so(repository):
    text = workflow("uses: actions/checkout@v4", 'run: echo "Running unit tests"', "run: ls")
    (pipeline,) = find_pipelines(repository({".github/workflows/ci.yml": text}))
    assert (pipeline.system, pipeline.runs, pipeline.echo_only) == ("github_actions", (), True)


def test_step_shows_its_command_and_line(repository):
    text = workflow("run: |\n          pip install x\n          pytest -q tests")
    (pipeline,) = find_pipelines(repository({".github/workflows/ci.yml": text}))
    step = pipeline.steps[0]
    assert (step.command, step.place.line) == ("pytest -q tests", 8)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("docker/build-push-action@v5", {"docker_build"}),
        ("pre-commit/action@v3", {"lint"}),
        ("codecov/codecov-action@v4", {"coverage"}),
        ("pypa/gh-action-pypi-publish@release/v1", {"publish"}),
        ("peaceiris/actions-gh-pages@v3", {"docs"}),
        ("azure/webapps-deploy@v2", {"deploy"}),
        ("google-github-actions/deploy-cloudrun@v2", {"deploy"}),
        ("github/codeql-action/analyze@v3", {"security_scan"}),
        ("github/codeql-action/init@v3", set()),
        ("actions/checkout@v4", set()),
        ("aws-actions/configure-aws-credentials@v4", set()),
        ("docker/login-action@v3", set()),
        ("release-drafter/release-drafter@v5", set()),
    ],
)
def test_action_is_known_by_its_name(repository, action, words):
    assert runs(repository({".github/workflows/ci.yml": workflow(f"uses: {action}")})) == words


def test_make_target_is_followed_through_its_prerequisites_and_variables(repository):
    makefile = "PY = python3\n.PHONY: ci\nci: lint\n\t$(PY) -m pytest\nlint:\n\t@ruff check .\ndeploy:\n\tkubectl apply -f x\n"
    assert run_of(repository, "make ci", Makefile=makefile) == {"tests", "lint"}


def test_make_target_that_only_echoes_is_nothing(repository):
    assert run_of(repository, "make test", Makefile="test:\n\t@echo no tests yet\n\t#pytest\n") == set()


def test_tox_environment_is_followed(repository):
    ini = "[tox]\nenvlist = py310,lint,docs\n[testenv]\ncommands = pytest {posargs}\n[testenv:lint]\ncommands =\n    flake8\n    mypy src\n"
    assert run_of(repository, "tox -e lint", **{"tox.ini": ini}) == {"lint", "typecheck"}
    assert run_of(repository, "tox", **{"tox.ini": ini}) == {"tests", "lint", "typecheck"}


def test_nox_session_is_followed(repository):
    code = 'import nox\n@nox.session\ndef tests(session):\n    session.run("pytest")\n@nox.session\ndef docs(s):\n    s.run("mkdocs", "build")\n'
    assert run_of(repository, "nox -s tests", **{"noxfile.py": code}) == {"tests"}


def test_task_runners_are_followed(repository):
    project = '[tool.poe.tasks]\ncheck = ["lint", {cmd = "mypy ."}]\nlint = "ruff check"\n[tool.taskipy.tasks]\ntest = "pytest"\n'
    assert run_of(repository, "poe check", **{"pyproject.toml": project}) == {"lint", "typecheck"}
    assert run_of(repository, "poetry run task test", **{"pyproject.toml": project}) == {"tests"}
    assert run_of(repository, "just check", justfile="check: lint\n  pytest\nlint:\n  black .\n") == {"tests", "lint"}
    assert run_of(repository, "npm run ci", **{"package.json": '{"scripts": {"ci": "jest && eslint ."}}'}) == {"tests", "lint"}


def test_pixi_and_hatch_run_tasks_or_else_commands(repository):
    project = '[tool.pixi.feature.t.tasks]\nchecks = {cmd = "pytest -x"}\n[tool.hatch.envs.lint.scripts]\nall = ["ruff check", "mypy ."]\n'
    assert run_of(repository, "pixi run -e t checks -n 3", **{"pyproject.toml": project}) == {"tests"}
    assert run_of(repository, '"hatch run lint:all"', **{"pyproject.toml": project}) == {"lint", "typecheck"}
    assert run_of(repository, "hatch run pytest", **{"pyproject.toml": project}) == {"tests"}


def test_command_given_to_a_retrying_action_is_read(repository):
    text = workflow("uses: nick-fields/retry@v3\n        with: {command: pytest}")
    assert runs(repository({".github/workflows/ci.yml": text})) == {"tests"}


def test_invoke_tasks_are_followed(repository):
    code = 'from invoke import task\n@task\ndef check(c):\n    c.run("poetry run mypy src")\n'
    assert run_of(repository, "inv check", **{"tasks.py": code}) == {"typecheck"}


def test_shell_script_is_followed(repository):
    assert run_of(repository, "bash scripts/ci.sh", **{"scripts/ci.sh": "#!/bin/bash\nset -e\npytest\npython src/train.py\n"}) == {
        "tests",
        "train",
    }


def test_pre_commit_hooks_give_their_words(repository):
    hooks = "repos:\n- repo: a\n  hooks:\n  - id: ruff\n  - id: mypy\n"
    assert run_of(repository, "pre-commit run -a", **{".pre-commit-config.yaml": hooks}) == {"lint", "typecheck"}


def test_script_that_fits_a_model_trains_whatever_its_name(repository):
    code = "from sklearn.linear_model import Ridge\nRidge().fit([[1]], [1])\n"
    assert run_of(repository, "python churn.py", **{"churn.py": code}) == {"train"}
    assert run_of(repository, "python test.py", **{"test.py": code}) == {"evaluate"}


def test_job_that_never_runs_is_left_out(repository):
    text = "jobs:\n  a:\n    if: false\n    steps:\n    - run: pytest\n"
    assert runs(repository({".github/workflows/ci.yml": text})) == set()


def test_composite_action_is_followed(repository):
    files = {
        ".github/workflows/ci.yml": workflow("uses: ./.github/actions/check"),
        ".github/actions/check/action.yml": "runs:\n  using: composite\n  steps:\n  - run: pytest\n    shell: bash\n",
    }
    assert runs(repository(files)) == {"tests"}


@pytest.mark.parametrize(
    ("path", "text", "system", "words"),
    [
        (".gitlab-ci.yml", "test:\n  script:\n    - pytest\npages:\n  script: [make html]\n", "gitlab_ci", {"tests", "docs"}),
        (".gitlab-ci.yml", "build:\n  script:\n    - /kaniko/executor --context .\n", "gitlab_ci", {"docker_build"}),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    steps:\n      - checkout\n      - run:\n          command: pytest\n",
            "circleci",
            {"tests"},
        ),
        (".circleci/config.yml", "workflows:\n  w:\n    jobs:\n      - aws-ecr/build-and-push-image\n", "circleci", {"docker_build"}),
        (
            ".travis.yml",
            "script:\n  - flake8\nafter_success: codecov\ndeploy:\n  provider: pypi\n",
            "travis",
            {"lint", "coverage", "publish"},
        ),
        (
            "Jenkinsfile",
            "stage('T') {\n steps {\n // sh 'mypy'\n sh 'pytest'\n sh '''\n docker build .\n'''\n } }",
            "jenkins",
            {"tests", "docker_build"},
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- script: pytest\n- task: Docker@2\n  inputs: {command: buildAndPush}\n",
            "azure_pipelines",
            {"tests", "docker_build"},
        ),
        ("ops/release-pipeline.yml", "trigger: none\nsteps:\n- task: AzureWebApp@1\n", "azure_pipelines", {"deploy"}),
        ("cloudbuild.yaml", "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, x, .]\n", "cloud_build", {"docker_build"}),
        ("cloudbuild.yaml", "steps:\n- name: python\n  entrypoint: bash\n  args: [-c, pytest]\n", "cloud_build", {"tests"}),
        (
            "build/deploy.yaml",
            "steps:\n- name: 'gcr.io/cloud-builders/docker'\n  args: [build, -t, x, .]\n",
            "cloud_build",
            {"docker_build"},
        ),
        ("bitbucket-pipelines.yml", "pipelines:\n  default:\n  - step:\n      script:\n      - pytest\n", "bitbucket_pipelines", {"tests"}),
        ("buildspec.yml", "phases:\n  build:\n    commands:\n    - docker build .\n", "codebuild", {"docker_build"}),
        (".drone.yml", "steps:\n- name: t\n  commands:\n  - pytest\n", "drone", {"tests"}),
        ("appveyor.yml", "test_script:\n- pytest\n", "appveyor", {"tests"}),
    ],
)
def test_system_is_read(repository, path, text, system, words):
    (pipeline,) = find_pipelines(repository({path: text}))
    assert (pipeline.system, set(pipeline.runs)) == (system, words)


def test_azure_template_belongs_to_the_pipeline_that_includes_it(repository):
    files = {
        ".pipelines/ci.yml": "trigger: none\nsteps:\n- template: quality.yml\n",
        ".pipelines/quality.yml": "steps:\n- script: pytest\n- template: ci.yml\n",
    }
    (pipeline,) = find_pipelines(repository(files))
    assert (pipeline.file, pipeline.runs, pipeline.steps[0].place.file) == (".pipelines/ci.yml", ("tests",), ".pipelines/quality.yml")


@pytest.mark.parametrize(
    "path", ["sub/.github/workflows/ci.yml", "{{cookiecutter.x}}/.github/workflows/ci.yml", "docker-compose.yml", "params.yaml"]
)
def test_file_that_no_system_reads_is_none(repository, path):
    assert find_pipelines(repository({path: workflow("run: pytest")})) == ()


BOMB = "a: &a [x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n",
        "jobs: []\n",
        "jobs:\n- steps\n",
        "jobs:\n  a:\n    steps: {run: 3}\n",
        "jobs:\n  a: 7\n  b:\n    steps:\n    - 5\n    - run: [1, 2]\n    - run: {a: b}\n    - uses: 7\n",
        "{{ cookiecutter }}: [",
        "\x00\x01",
        BOMB + "jobs: *i\nsteps: *i\nscript: *i\nstages: *i\n",
        "jobs: &j\n  a: *j\n  steps: &s [{when: {steps: *s}}]\n",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        ".circleci/config.yml",
        ".travis.yml",
        "azure-pipelines.yml",
        "cloudbuild.yaml",
        ".drone.yml",
    ],
)
def test_hostile_file_is_a_pipeline_that_does_nothing(repository, path, text):
    (pipeline,) = find_pipelines(repository({path: text}))
    assert pipeline.runs == ()


def test_makefile_that_calls_itself_ends(repository):
    assert run_of(repository, "make a", Makefile="a: b\n\tmake b\nb: a\n\tmake a\n\tpytest\n") == {"tests"}
