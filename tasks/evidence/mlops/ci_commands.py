"""What one shell command of a CI file does, in the words of the report; a command that prints or installs does nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

TEXT_LIMIT = 20_000
"""Characters read of one script."""
TOKEN_LIMIT = 60

_HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
_EXPRESSION = re.compile(r"\$\{\{[^}]{0,300}\}\}")

_IDLE = """
    echo printf ls dir cat pwd cd mkdir export set unset source . true false : pip pip3 pipx conda mamba micromamba apt apt-get
    brew yum apk dnf choco sudo git chmod chown cp mv rm touch test [ [[ if then else elif fi for do done while case esac which
    whoami env uname df free nvidia-smi sleep exit return wget tar unzip gzip head tail grep sed awk sort wc tee find xargs date
    jq yq tree ln poetry pipenv pdm hatch rye uv pyenv npm yarn pnpm nvm curl write-host write-output get-childitem eval shopt
    trap local function read } { ( ) alias jupyter python3-pip setup-miniconda add-path az aws gcloud gh docker docker-compose
    bundle gem rscript r julia
    """
IDLE = frozenset(_IDLE.split())
"""Commands that by themselves neither check, build nor deliver anything; what they do otherwise has a rule before."""

_BY_HEAD = {
    "tests": """pytest py.test unittest nosetests nose nose2 behave robot green ward jest vitest ctest bats testthat busted xvfb-pytest
    pytest-3 nbmake treon stestr""",
    "lint": """flake8 pylint ruff black isort yapf autopep8 pycodestyle pydocstyle pyflakes pre-commit prospector pylama lintr nbqa
    codespell hadolint yamllint markdownlint markdownlint-cli2 eslint prettier interrogate shellcheck sqlfluff vulture pyupgrade autoflake
    blue docformatter clang-format mllint prek dprint radon xenon flakehell pyproject-flake8 pflake8 validate-pyproject stylelint
    rubocop golangci-lint biome lintrunner cpplint""",
    "typecheck": "mypy pyright basedpyright pytype pyre dmypy ty tsc beartype pyrefly",
    "security_scan": "bandit safety pip-audit gitleaks trivy snyk semgrep trufflehog detect-secrets grype osv-scanner checkov",
    "docs": "sphinx-build sphinx-apidoc sphinx-multiversion mkdocs pdoc pdoc3 jupyter-book jb quarto doxygen mike lazydocs pydoc-markdown",
    "publish": "twine semantic-release release-it goreleaser",
    "deploy": "helmfile serverless sls flyctl fly vercel netlify ansible-playbook eb scp rsync bentoctl wrangler capistrano heroku",
    "coverage": "codecov coveralls",
    "report": "cml-publish cml-send-comment cml-send-github-check",
    "notebooks": "papermill",
    "data_validation": "great_expectations gx soda deepchecks",
}
BY_HEAD = {name: word for word, names in _BY_HEAD.items() for name in names.split()}

_PHRASES: tuple[tuple[str, str], ...] = (
    ("tests", r"^manage\.py test|^(?:python\S* )?setup\.py (?:test|pytest)|^(?:go|cargo|dotnet|kedro|dbt|swift|bazel|hatch|deno) test\b"),
    ("tests", r"^(?:npm|yarn|pnpm)(?: run)? test\b|^(?:mvn|\./mvnw|gradle|\./gradlew)\b.*\b(?:test|verify|check)\b|"
        r"^R CMD check|^coverage run"),
    ("tests", r"^(?:Rscript|R)\b.*(?:devtools::(?:test|check)|testthat|rcmdcheck|tinytest|covr::)|^julia\b.*(?:Pkg\.test|runtests\.jl)"),
    ("coverage", r"^(?:Rscript|R)\b.*covr::(?:codecov|coveralls)|^bash .*codecov|codecov\.io/bash|^codecov(?:cli)?\b"),
    ("lint", r"^(?:Rscript|R)\b.*(?:lintr|styler)|^(?:npm|yarn|pnpm)(?: run)? (?:lint|format)|^kedro lint|^uv format|"
        r"^(?:hatch|rye) (?:fmt|lint)"),
    ("lint", r"^cargo (?:clippy|fmt)"),
    ("docs", r"^(?:Rscript|R)\b.*(?:pkgdown|bookdown::|rmarkdown::render_site)|^julia\b.*docs/make\.jl|^kedro build-docs|^hatch run docs"),
    ("publish", r"^(?:poetry|flit|uv|hatch|pdm|maturin|npm|yarn|cargo|rye)\b.* ?\bpublish\b|^(?:python\S* )?setup\.py .*\bupload\b"),
    ("publish", r"^gh release create|^(?:anaconda|conda) upload|^huggingface-cli upload|^hf upload"),
    ("docker_build", r"^(?:docker|podman|nerdctl|buildah)(?: image| builder)? (?:build|bud)\b|^docker buildx (?:build|bake)|"
        r"^\S*kaniko\S*executor"),
    ("docker_build", r"^docker[- ]compose\b.* build\b|^docker[- ]compose\b.* up\b.* --build|^az acr build|^gcloud builds submit|"
        r"^bentoml containerize"),
    ("docker_build", r"^mlflow models build-docker|^cog (?:build|push)|^(?:jupyter-)?repo2docker|^pack build|^s2i build|^earthly\b|"
        r"^skaffold (?:build|run)"),
    ("deploy", r"^kubectl\b.*\b(?:apply|create|set image|rollout restart|replace|patch)\b|^helm\b.*\b(?:upgrade|install)\b|"
        r"^oc (?:apply|start-build)"),
    ("deploy", r"^gcloud\b.*\b(?:deploy|deploy-model|rolling-action|update-container)\b|^gsutil .*\bapp\b|^firebase deploy|"
        r"^argocd app sync"),
    ("deploy", r"^aws (?:lambda (?:update-function-code|create-function)|ecs (?:update-service|run-task|deploy)|"
        r"cloudformation deploy|apprunner|deploy)\b"),
    ("deploy", r"^aws (?:elasticbeanstalk (?:update|create)|sagemaker (?:create|update)-endpoint|lightsail create-container)|"
        r"^(?:copilot|sam|cdk) deploy"),
    ("deploy", r"^az (?:ml (?:model deploy|online-(?:deployment|endpoint) (?:create|update)|service)|webapp|functionapp|"
        r"container(?:app)?)\b(?!.*\b(?:list|show)\b)"),
    ("deploy", r"^az (?:deployment|aks (?!get-credentials|install))|^terraform\b.*\bapply\b|^terragrunt\b.*apply|^pulumi up|"
        r"^databricks bundle deploy"),
    ("deploy", r"^git push\b.*(?:heroku|huggingface\.co|dokku|\bspace\b|HF_TOKEN)|^anyscale service|^modal deploy|"
        r"^prefect deploy|^bentoml deploy"),
    ("deploy", r"^dagster-cloud|^ray (?:serve deploy|up)|^serve (?:deploy|run)|^railway (?:up|deploy)|"
        r"^curl\b.*(?:deploy[-_]?hook|/deploy\b|hooks/deploy)"),
    ("deploy", r"^ssh \S*@|^ssh -|^sshpass\b|^astro deploy|^zenml (?:model-deployer|pipeline deploy)|"
        r"^gcloud run services replace|^pm2\b|^cap deploy"),
    ("train", r"^dvc (?:repro|exp run)|^kedro run|^mlflow run|^aws sagemaker create-(?:training|pipeline)|^aws sagemaker start-pipeline"),
    ("train", r"^gcloud (?:ai|beta ai|ai-platform) (?:custom-jobs create|jobs submit|hp-tuning)|^az ml (?:job create|"
        r"run submit|pipeline)|^az ml run\b"),
    ("report", r"^cml (?:comment|send-comment|publish|pr|report|check|send-github-check)\b"),
    ("evaluate", r"^lm[_-]eval\b|^promptfoo eval|^deepeval test"),
    ("notebooks", r"^jupyter[- ]nbconvert\b.*--execute|^jupyter execute|^nbconvert\b.*--execute"),
)  # fmt: skip
PHRASES = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in _PHRASES)

_NAMES = (
    ("train", re.compile(r"(?:^|[_/.\-])(?:re)?(?:train|training|trainer|finetune|fine_tune|fit_model|model_training|build_model)(?:$|"
        r"[_/.\-\d])", re.I)),
    ("evaluate", re.compile(r"(?:^|[_/.\-])(?:eval|evaluate|evaluation|evaluator|model_evaluation|benchmarks?|val)(?:$|[_/.\-\d])", re.I)),
    ("data_validation", re.compile(r"(?:^|[_/.\-])(?:validate_data|data_validation|check_data|data_checks?)(?:$|[_/.\-])", re.I)),
    ("register", re.compile(r"(?:^|[_/.\-])(?:register_model|model_registration|register|promote_model)(?:$|[_/.\-])", re.I)),
    ("deploy", re.compile(r"(?:^|[_/.\-])(?:deploy|deploy_model|deployment|deploy_\w{1,30})(?:$|[_/.\-])", re.I)),
)  # fmt: skip
_TEST_FILE = re.compile(r"(?:^|/)tests?/|(?:^|[/.])(?:test_\w+|\w+_test|run_tests?|tests)(?:\.py)?$|^tests?\.", re.IGNORECASE)


def split_commands(script: str) -> Iterator[str]:
    """Simple commands of a shell script: comments, heredocs and continuations resolved, pipes and lists cut."""
    text = _EXPRESSION.sub("EXPR", script[:TEXT_LIMIT]).replace("\\\n", " ").replace("`\n", " ")
    end = ""
    for line in text.split("\n"):
        if end:
            end = "" if line.strip() == end else end
            continue
        if match := _HEREDOC.search(line[:2000]):
            end = match.group(1)
        for part in _cut(line[:2000]):
            if part.strip():
                yield part.strip()


def _cut(line: str) -> list[str]:
    """One line cut at `;`, `&&`, `||` and `|` outside of quotes, its comment dropped."""
    parts, start, quote, at = [], 0, "", 0
    while at < len(line):
        char = line[at]
        if char == "\\":
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "#" and (at == 0 or line[at - 1] in " \t;"):
            break
        elif char in ";|" or line.startswith("&&", at):
            parts.append(line[start:at])
            at += 1 if line[at + 1 : at + 2] in ("|", "&", ";") or char == "&" else 0
            start = at + 1
        at += 1
    return [*parts, line[start:at]]


def tokens_of(command: str) -> list[str]:
    """The words of a command without leading assignments, shell keywords and wrappers (`poetry run`, `sudo`, `python -m`)."""
    try:
        tokens = shlex.split(command, comments=True)[:TOKEN_LIMIT]
    except ValueError:
        tokens = command.split()[:TOKEN_LIMIT]
    for _ in range(8):
        shorter = _unwrap(tokens)
        if shorter == tokens:
            break
        tokens = shorter
    return tokens


_PYTHON = re.compile(r"(?:\S*/)?(?:python|py|pypy)[\d.]*(?:\.exe)?|\$\(?\{?PYTHON\w*\}?\)?|\$env:python", re.IGNORECASE)
_PREFIX_WORDS = "sudo time nohup exec env then do else if ! xvfb-run travis_retry command & - stdbuf nice retry call"
_PREFIXES = frozenset(_PREFIX_WORDS.split())
_RUNNERS = {
    "poetry": ("run",), "pipenv": ("run",), "pdm": ("run",), "rye": ("run",), "uv": ("run",), "conda": ("run",), "micromamba": ("run",),
    "mamba": ("run",), "mise": ("exec", "x"), "npx": (), "uvx": (), "pipx": ("run",), "bunx": (), "accelerate": ("launch",), "torchrun": (),
    "deepspeed": (), "timeout": (), "xvfb": (), "doppler": ("run",), "dotenv": ("run",),
    "op": ("run",),
    "anyscale": ("job-exec",),
}  # fmt: skip
_VALUE_OPTIONS = """
    -n --name -p --python --group --extra --with -e --environment --env --with-requirements --prefix --project --directory
    --package --only-group --no-group --env-file --nproc_per_node --num_processes --config_file --config -c --index
    --manifest-path --nnodes
    """
_WITH_VALUE = frozenset(_VALUE_OPTIONS.split())


def _unwrap(tokens: list[str]) -> list[str]:
    if not tokens:
        return tokens
    head = tokens[0]
    if _ASSIGNMENT.match(head) or head.lower() in _PREFIXES:
        return tokens[1:]
    if _PYTHON.fullmatch(head) and tokens[1:2] == ["-m"]:
        return ["-m", *tokens[2:]] if tokens[2:] and not _is_tool(tokens[2]) else tokens[2:]
    name = head.rsplit("/", 1)[-1]
    if name == "coverage" and tokens[1:2] == ["run"] and "-m" in tokens:
        return tokens[tokens.index("-m") + 1 :]
    verbs = _RUNNERS.get(name)
    if verbs is None or (verbs and tokens[1:2] and tokens[1] not in verbs):
        return [name, *tokens[1:]] if "/bin/" in head else tokens
    return after_options(tokens[2:] if verbs else tokens[1:])


def after_options(tokens: list[str]) -> list[str]:
    """The tokens from the first that is neither an option nor the value of one."""
    while tokens and (tokens[0].startswith("-") or re.fullmatch(r"\d+[smh]?", tokens[0])):
        if tokens[0] == "--":
            return tokens[1:]
        tokens = tokens[2:] if tokens[0] in _WITH_VALUE else tokens[1:]
    return tokens


def _is_tool(module: str) -> bool:
    return module in BY_HEAD or module in ("pip", "build", "venv", "tox", "nox", "coverage", "jupyter", "sphinx", "invoke", "ipykernel")


def words_of(tokens: list[str]) -> tuple[str, ...]:
    """What a command does by its own name; nothing for one that prints, installs, or is not known."""
    if not tokens:
        return ()
    head = tokens[0].rsplit("/", 1)[-1].lower()
    if head in ("echo", "printf", "write-host", "write-output"):
        return ()
    line = " ".join([tokens[0].rsplit("/", 1)[-1] if "kaniko" not in tokens[0] else tokens[0], *tokens[1:]])[:1000]
    if head in BY_HEAD and not {"--version", "--help", "install"} & set(tokens[1:3]):
        return (BY_HEAD[head],)
    found = [word for word, pattern in PHRASES if pattern.search(line)]
    return tuple(dict.fromkeys(found))


def words_of_script(target: str, arguments: list[str] | None = None) -> tuple[str, ...]:
    """What a program of the repository does by its name and its bare arguments: `src/train.py`, `app.cli train`."""
    if _TEST_FILE.search(target) and not re.search(r"train_test|test_(?:score|model_on)", target):
        return ("tests",)
    stem = re.sub(r"\.(?:py|sh|R|jl|lua|ipynb)$", "", target)
    name = stem.rsplit("/", 1)[-1]
    if found := next((word for word, pattern in _NAMES if pattern.search(name)), None):
        return (found,)
    values = [re.sub(r"^(?:\w[\w.]*=|--\w[\w-]*=)", "", a) for a in (arguments or [])[:12]]
    bare = [v for v in values if re.fullmatch(r"[\w.][\w./-]{2,60}", v) and not v.endswith((".csv", ".parquet", ".json"))]
    for value in bare:
        if found := next((word for word, pattern in _NAMES[:2] if pattern.search(value.rsplit("/", 1)[-1].removesuffix(".yaml"))), None):
            return (found,)
    return ()


def is_idle(tokens: list[str]) -> bool:
    """Whether a command only prints, lists, fetches or installs."""
    return not tokens or tokens[0].rsplit("/", 1)[-1].lower() in IDLE or (tokens[0] == "pip" or tokens[:2] == ["python", "--version"])
