"""What a ready-made step of a CI system does: GitHub actions, Azure tasks, CircleCI orbs, Travis providers."""

from __future__ import annotations

import re
from typing import Any

from tasks.evidence.mlops.manifests import scalar

_ACTIONS = (
    ("docs", r"actions/deploy-pages|doc-builder|build-?docs|documentation|actions-gh-pages|github-pages-deploy|mkdocs|sphinx|quarto-actions/(?:render|publish)|"
        r"docdeploy|ghaction-github-pages|pkgdown"),
    ("lint", r"^pre-commit/|lint|flake8|/black|black-|-black|ruff|isort|reviewdog/|codespell|hadolint|pylint|prettier|autopep8"),
    ("typecheck", r"pyright|mypy"),
    ("coverage", r"codecov/|coveralls|coverage"),
    ("security_scan", r"codeql-action(?:$|/analyze)|^snyk/|trivy|gitleaks|truffle|bandit|pip-audit|dependency-review|scorecard-action|"
        r"semgrep|anchore/|checkov|safety"),
    ("docker_build", r"docker/(?:build-push|bake)-action|publish-docker|docker-build|build-docker|repo2docker-action|docker-publish|"
        r"build-and-push"),
    ("publish", r"pypi-publish|deploy-pypi|poetry-publish|action-gh-release|create-release|release-action|semantic-release|"
        r"npm-publish|publish-pypi|upload-release"),
    ("tests", r"check-r-package|streamlit-app-action|julia-runtest|pytest-action|run-pytest|python-tox|tox-action"),
    ("train", r"azure/aml-run|sagemaker-train"),
    ("register", r"aml-registermodel"),
    ("report", r"^iterative/cml-action"),
    ("deploy", r"deploy|beanstalk|flyctl-actions|wrangler-action|vercel-action|actions-netlify|appleboy/(?:ssh|scp)-action|"
        r"azure/functions-action|sync-to-hub|huggingface-sync|hf-sync"),
)  # fmt: skip
ACTIONS = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in _ACTIONS)
_NOT_ACTIONS = re.compile(
    r"release-drafter|zizmor|commitlint|labeler|lock-threads|stale|configure-|credentials|setup-|login|"
    r"deployment-status|/cache|deploy-key",
    re.I,
)

_TASKS = (
    ("docker_build", r"^Docker(?:Compose)?@"),
    ("deploy", r"^(?:AzureWebApp|AzureRmWebApp|AzureFunctionApp|HelmDeploy|Kubernetes(?:Manifest)?@|"
        r"AzureResourceManagerTemplateDeployment|AzureContainerApps|SSH@|CopyFilesOverSSH|TerraformCLI|TerraformTaskV)"),
    ("train", r"MLPublishedPipelineRestAPITask"),
    ("publish", r"^(?:TwineUpload|UniversalPackages|NuGetCommand|GitHubRelease)"),
    ("security_scan", r"(?:CredScan|Snyk|WhiteSource|SonarQube.*Analyze|Bandit|trivy|AdvancedSecurity.*Analyze)"),
    ("coverage", r"^codecov"),
)  # fmt: skip
TASKS = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in _TASKS)
TRAVIS = {
    "pypi": "publish", "npm": "publish", "releases": "publish", "heroku": "deploy", "pages": "docs", "elasticbeanstalk": "deploy",
    "codedeploy": "deploy", "lambda": "deploy", "gae": "deploy", "cloudrun": "deploy", "script": "deploy", "s3": "deploy",
}  # fmt: skip


def words_of_action(uses: str) -> tuple[str, ...]:
    """Words of a GitHub action by its name: `docker/build-push-action@v5` gives `docker_build`."""
    name = uses.split("@")[0].strip()[:200].lower()
    if _NOT_ACTIONS.search(name):
        return ()
    return next(((word,) for word, pattern in ACTIONS if pattern.search(name)), ())


def words_of_task(task: str, inputs: dict[str, Any]) -> tuple[str, ...]:
    """Words of an Azure Pipelines task; some do one thing or another by their `command`."""
    word = next((word for word, pattern in TASKS if pattern.search(task[:200])), None)
    command = scalar(inputs.get("command")).lower()
    if word == "docker_build" and command in ("login", "logout", "push", "run", "start", "stop"):
        return ()
    if word == "deploy" and task.lower().startswith("terraform") and command not in ("apply", ""):
        return ()
    if word == "deploy" and task.lower().startswith("helm") and command not in ("install", "upgrade"):
        return ()
    return (word,) if word else ()


def words_of_orb(name: str) -> tuple[str, ...]:
    """Words of a CircleCI orb's job or command: `aws-ecr/build-and-push-image`."""
    rules = (
        ("coverage", r"^(?:codecov|coveralls)/"), ("docker_build", r"(?:ecr|docker|gcr)/.*(?:build|publish)"), ("tests",
        r"^python/test|/test$"),
        ("deploy", r"deploy|update-service|rollout"), ("lint", r"lint"), ("security_scan", r"^(?:snyk|gitguardian)/"),
    )  # fmt: skip
    return next(((word,) for word, pattern in rules if re.search(pattern, name[:200], re.IGNORECASE)), ())
