"""Secrets by their shape: one table for finding them and for blanking them before anything leaves the process.

A pattern marks the secret itself as the group `value`; what stands before it (a name, a scheme) only gives it away.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

SECRET_PATTERNS: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "aws_access_key": r"\b(?P<value>(?:AKIA|ASIA)[0-9A-Z]{16})\b",
        "github_token": r"\b(?P<value>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b",
        "gitlab_token": r"\b(?P<value>gl(?:pat|dt|rt|cbt|ptt)-[\w-]{20,64})",
        "slack_token": r"\b(?P<value>xox[abeoprs]-[A-Za-z0-9-]{10,200})",
        "slack_webhook": r"hooks\.slack\.com/services/(?P<value>T\w{8,12}/B\w{8,12}/\w{20,30})",
        "discord_webhook": r"discord(?:app)?\.com/api/webhooks/(?P<value>\d{17,20}/[\w-]{60,80})",
        "anthropic_key": r"\b(?P<value>sk-ant-[a-z0-9]{3,12}-[\w-]{24,200})",
        "openrouter_key": r"\b(?P<value>sk-or-v1-[0-9a-f]{40,70})\b",
        "openai_key": r"\b(?P<value>sk-(?:proj|svcacct|admin)-[\w-]{32,250}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|"
        r"sk-[A-Za-z0-9]{48})\b",
        "huggingface_token": r"\b(?P<value>(?:hf|api_org)_[A-Za-z0-9]{30,40})\b",
        "google_api_key": r"\b(?P<value>AIza[0-9A-Za-z_-]{35})(?![\w-])",
        "google_oauth_secret": r"\b(?P<value>GOCSPX-[\w-]{28})(?![\w-])",
        "stripe_key": r"\b(?P<value>[sr]k_live_[0-9A-Za-z]{20,120})\b",
        "azure_storage_key": r"(?P<value>(?<=AccountKey=)[A-Za-z0-9+/]{60,90}={0,2})",
        "azure_sas": r"[?&]s[vre]=[^\s\"'<>]{1,300}&sig=(?P<value>[A-Za-z0-9%+/=_-]{40,100})",
        "npm_token": r"\b(?P<value>npm_[A-Za-z0-9]{36})\b",
        "pypi_token": r"\b(?P<value>pypi-[A-Za-z0-9_-]{70,300})",
        "sendgrid_key": r"\b(?P<value>SG\.[\w-]{20,24}\.[\w-]{40,46})(?![\w-])",
        "twilio_key": r"(?i:twilio)[^\n]{0,80}?\b(?P<value>(?:SK|AC)?[0-9a-f]{32})\b",
        "databricks_token": r"\b(?P<value>dapi[0-9a-f]{32}(?:-\d)?)\b",
        "docker_token": r"\b(?P<value>dckr_(?:pat|oat)_[\w-]{20,64})",
        "digitalocean_token": r"\b(?P<value>do[opr]_v1_[0-9a-f]{64})\b",
        "groq_key": r"\b(?P<value>gsk_[A-Za-z0-9]{48,56})\b",
        "replicate_token": r"\b(?P<value>r8_[A-Za-z0-9]{37})\b",
        "langsmith_key": r"\b(?P<value>lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10})\b",
        "pinecone_key": r"\b(?P<value>pcsk_[\w-]{40,90})",
        "telegram_token": r"(?<![\w:])(?P<value>\d{8,10}:AA[\w-]{33})(?![\w-])",
        "mailgun_key": r"(?<![\w-])(?P<value>key-[0-9a-f]{32})\b",
        "jwt": r"\b(?P<value>eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000})",
        "private_key": r"(?P<value>-----BEGIN (?:[A-Z]{2,12} )?(?:ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----(?:\\n|"
        r"\s){1,4}[A-Za-z0-9+/=\\\s]{20,6000})",
        "wandb_key": r"(?i:wandb[. _-]{0,3}(?:login|api[_-]?key)\b)[^\n]{0,40}?(?P<value>\b[0-9a-f]{40})\b",
        "kaggle_key": r"[\"']username[\"']\s{0,3}:\s{0,3}[\"'][^\"'\n]{1,60}[\"']\s{0,3},\s{0,20}[\"']key[\"']\s{0,3}:\s{0,3}[\"'](?P<value>[0-9a-f]{32})",
        "comet_key": r"\bExperiment\(\s{0,20}(?:api_key\s?=\s?)?[\"'](?P<value>[A-Za-z0-9]{25})[\"']",
        "bearer_token": r"(?i:authorization[\"']?\s{0,3}[:=,]\s{0,3}[\"']?(?:bearer|basic|token)\s{1,3})(?P<value>[\w.~+/=-]{20,400})",
        "password_in_url": r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:@/\"'<>{}$]{1,60}:(?P<value>[^\s:@/\"'<>{}$()\[\]]{3,100})@(?=[\w.-])",
    }.items()
}
"""Kind and pattern of every recognised shape. Each repetition is bounded, so that no input takes long."""

_KEYS = (
    "api", "access", "account", "auth", "kaggle", "azure", "subscription", "storage", "encryption", "master", "signing", "comet", "service",
)  # fmt: skip
_WORDS = rf"password|passwd|passphrase|pwd|secret|token|credential|(?:{'|'.join(_KEYS)})_?key"
_WORD = re.compile(_WORDS, re.IGNORECASE)
ASSIGNMENT = re.compile(
    rf"(?P<name>[\w.-]{{0,40}}?(?:{_WORDS})[\w.-]{{0,24}})"
    r"[\"']?\]?\s{0,4}(?:=|:|:=|=>|,)\s{0,4}(?P<prefix>[rbu]?)(?P<quote>[\"'])(?P<value>[^\"'\n]{4,200})(?P=quote)"
    rf"|(?P<bare_name>[\w.-]{{0,40}}?(?:{_WORDS})[\w-]{{0,24}})"
    r"(?:\s{0,3}[=:]\s{0,3}|\s{1,3})(?P<bare>[^\s\"'`,;<>(){}\[\]$]{6,200})(?=$|[\s\"'`,;&|\\])",
    re.IGNORECASE,
)
"""A name that speaks of a secret and the text that it is set to, quoted (`value`) or not (`bare`)."""
_SHAPE_HINTS: dict[str, tuple[str, ...]] = {
    "aws_access_key": ("akia", "asia"), "github_token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "gitlab_token": ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-"),
    "slack_token": ("xox",), "slack_webhook": ("hooks.slack",), "discord_webhook": ("/webhooks/",), "anthropic_key": ("sk-ant",),
    "openrouter_key": ("sk-or",), "openai_key": ("sk-",), "huggingface_token": ("hf_", "api_org_"), "google_api_key": ("aiza",),
    "google_oauth_secret": ("gocspx",), "stripe_key": ("k_live_",), "azure_storage_key": ("accountkey=",), "azure_sas": ("sig=",),
    "npm_token": ("npm_",), "pypi_token": ("pypi-",), "sendgrid_key": ("sg.",), "twilio_key": ("twilio",), "databricks_token": ("dapi",),
    "docker_token": ("dckr_",), "digitalocean_token": ("_v1_",), "groq_key": ("gsk_",), "replicate_token": ("r8_",),
    "langsmith_key": ("lsv2_",),
    "pinecone_key": ("pcsk_",), "telegram_token": (":aa",), "mailgun_key": ("key-",), "jwt": ("eyj",), "private_key": ("private key",),
    "wandb_key": ("wandb",), "kaggle_key": ("username",), "comet_key": ("experiment(",), "bearer_token": ("authorization",), "password_in_url": ("://",),
}  # fmt: skip
"""What stands in every text, in lower case, that a shape matches: most texts are done after looking for these."""
HINTS = tuple(
    {h for hints in _SHAPE_HINTS.values() for h in hints}
    | {"passw", "passphrase", "pwd", "secret", "token", "credential"}
    | {f"{word}{joint}key" for word in _KEYS for joint in ("", "_")}
)
"""In lower case: a line with none of them holds no secret."""

_NOT_A_SECRET_NAME = re.compile(
    r"tokeni[sz]|tokens\b|(?:num|max|min|n|pad|bos|eos|unk|mask|sep|cls|end|start|special|stop|next|input|prompt|csrf|image|text|add|"
    r"extra|new)_?token"
    r"|token_?(?:type|id|len|length|count|size|url|uri|limit|name|embed|class|index|path|file|pattern|level|list|vocab|dim|pos)|"
    r"secret_?(?:name|id|arn|path|ref|scope|key_?ref|version)"
    r"|public|_(?:path|file|hash|env|name|field|url|uri|dir|hint|label|header|prefix|length|policy|placeholder|id|param|reset|help|type|"
    r"regex)s?$"
    r"|stdin|key_?(?:name|id|path|file|vault|error|word|points?|vault)|(?:key|token|password|secret)_?(?:col|column|env|var|store)|"
    r"author|keyword|by_token|access_key_id",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"your|xxx|example|sample|change[-_ ]?me|change[-_ ]?this|replace|placeholder|dummy|fake|insert|enter|todo|redacted|hidden|\*{3}|"
    r"\.{3}|…|<|>|\$|\{|\}|%[(s]"
    r"|environ|getenv|process\.env|config\[|secrets?\.|settings\.|\bnone\b|\bnull\b|undefined|^true$|^false$|1234567|abcdef|qwerty|"
    r"foobar|lorem|"
    r"my[-_]?(?:secret|token|key|password|api)|(?:secret|token|key|password)[-_](?:here|value|goes)|not[-_ ]?(?:a|so)|super[-_ ]?secret|"
    r"test(?:ing)?[-_]?(?:key|token|secret)"
    r"|some[-_ ]|(.)\1{5,}",
    re.IGNORECASE,
)
_DEFAULTS = frozenset(
    [
        "admin", "airflow", "changeit", "default", "docker", "grafana", "guest", "jupyter", "kafka", "letmein", "local", "minio",
        "minioadmin",
        "minio_root", "mlflow", "mongo", "mysql", "neo", "neo4j", "pass", "passw0rd", "passwd", "password", "postgres", "postgresql",
        "prefect",
        "rabbitmq", "redis", "root", "rootpassword", "sa", "secret", "superset", "test", "testing", "user", "welcome", "zenml",
        "mlflow_password",
        "minio_secret_key", "p@ssword", "p@ssw0rd", "adminpassword", "rootpass", "userpassword", "dev", "demo", "minio_secret",
        "db_password",
        "dbpassword", "database", "mysecretpassword", "mypassword",
    ]
)  # fmt: skip
"""Passwords that images and tutorials come with; digits and punctuation at the end do not make them better."""


class Found(NamedTuple):
    kind: str
    start: int
    end: int
    """Of the secret itself."""
    severity: str
    """`live`, `default` or `placeholder`."""


def redact(text: str) -> str:
    """The text with every recognised secret, live or not, replaced by `[redacted: kind]`."""
    spans = sorted((f.start, -f.end, f.kind) for f in find_in(text) if f.severity != "placeholder")
    parts, at = [], 0
    for start, minus_end, kind in spans:
        if start >= at:
            parts += [text[at:start], f"[redacted: {kind}]"]
            at = -minus_end
    return "".join([*parts, text[at:]]) if spans else text


def find_in(text: str) -> Iterator[Found]:
    """Secrets in a text by shape and by name, those that only look like one marked as `placeholder`."""
    lowered = text.lower()
    if not any(hint in lowered for hint in HINTS):
        return
    for kind, pattern in SECRET_PATTERNS.items():
        if not any(word in lowered for word in _SHAPE_HINTS[kind]):
            continue
        for match in pattern.finditer(text):
            value = match.group("value")
            yield Found(kind, *match.span("value"), _severity_of_shape(kind, value, match.group(0)))
    for match in _assignments(text):
        group = "value" if match.group("value") is not None else "bare"
        name = match.group("name") or match.group("bare_name")
        if severity := judge(name, match.group(group), bare=group == "bare"):
            yield Found(kind_of_name(name), *match.span(group), severity)


def _assignments(text: str) -> Iterator[re.Match[str]]:
    """Assignments around each word that speaks of a secret; the name's beginning is walked to, so that time stays linear."""
    done = 0
    for word in _WORD.finditer(text):
        begin = word.start()
        if begin < done:
            continue
        while begin > done and word.start() - begin < 40 and (text[begin - 1].isalnum() or text[begin - 1] in "_.-"):
            begin -= 1
        if match := ASSIGNMENT.match(text, begin):
            done = match.end()
            yield match


def _severity_of_shape(kind: str, value: str, whole: str) -> str:
    if kind == "password_in_url":
        return _severity_of_url(value, whole)
    if kind == "bearer_token" and not _looks_random(value):
        return "placeholder"
    if kind == "private_key":
        return "live"
    body = re.sub(r"^[A-Za-z]{2,10}[-_]", "", value)
    return "placeholder" if re.search(r"(?i)example|xxxx|your|(.)\1{7,}|1234567890", value) or entropy(body) < 2.5 else "live"


def _severity_of_url(value: str, whole: str) -> str:
    """A database's password may be any word; elsewhere a plain word between `:` and `@` is a name or a sample."""
    scheme, _, rest = whole.partition("://")
    if _is_default(value) or rest.startswith(f"{value}:"):
        return "default"
    if _PLACEHOLDER.search(value) or re.fullmatch(r"(?i)token|\d{1,5}|\w*_?pass(?:word)?|pwd?|apikey|key|pat", value):
        return "placeholder"
    if re.match(r"(?i)postgres|mysql|maria|mongodb|redis|amqp|mssql|oracle|snowflake|clickhouse", scheme):
        return "live"
    strong = len(value) >= 8 and re.search(r"\d", value) and re.search(r"[A-Za-z]", value) and not re.search(r"(?i)secret|pass", value)
    return "live" if strong and entropy(value) >= 2.5 else "placeholder"


def judge(name: str, value: str, bare: bool = False) -> str | None:
    """How serious a value set to a name is: `live`, `default`, `placeholder`; None when it is no secret at all.

    `judge("db_password", "Tr0ub4dor&3x")` is `live`, `judge("POSTGRES_PASSWORD", "postgres")` is `default`.
    """
    value = value.strip()
    if _NOT_A_SECRET_NAME.search(name) or not value or " " in value or "\t" in value:
        return None
    if _PLACEHOLDER.search(value):
        return "placeholder"
    if bare and not re.search(r"\d", value):
        return "default" if _is_default(value) and _is_password(name) else None
    if re.match(r"(?i)(?:sha\d{1,3}|argon2\w*|pbkdf2\w*|scrypt|bcrypt)[:$]|\$(?:2[aby]|argon2\w*|5|6)\$", value):
        return None
    if _is_password(name):
        if _is_default(value):
            return "default"
        classes = sum(bool(re.search(c, value)) for c in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w]|_"))
        return "live" if len(value) >= 6 and classes >= 2 and not _is_code(value) and entropy(value) >= 2.2 else None
    if value.startswith("django-insecure-"):
        return "default"
    return "live" if _looks_random(value) and not _is_code(value) else None


def _is_password(name: str) -> bool:
    return bool(re.search(r"pass(?:word|wd|phrase)|pwd", name, re.IGNORECASE))


def _is_default(value: str) -> bool:
    lowered = value.lower()
    return lowered in _DEFAULTS or re.sub(r"[\d\W_]+$", "", lowered) in _DEFAULTS


def _is_code(value: str) -> bool:
    """A path, an address, a dotted or snake-case name: what a variable is set to when it is no secret."""
    if re.match(r"(?i)^(?:https?:|/|\./|\.\./|~|[a-z]:\\|arn:|s3:|gs:)", value):
        return True
    return bool(re.fullmatch(r"[A-Za-z]+\d?(?:[._-][A-Za-z]+\d?)*(?:\.\w{1,5})?", value)) and not _mixed(value)


def _mixed(value: str) -> bool:
    return bool(re.search(r"\d", value)) and bool(re.search(r"[a-z]", value)) and bool(re.search(r"[A-Z]", value))


def _looks_random(value: str) -> bool:
    """Whether a token is long and mixed enough to have been made by a machine."""
    if len(value) < 16 or not re.fullmatch(r"[\w./+=~:%!@#^&*-]+", value):
        return False
    digits, letters = sum(c.isdigit() for c in value), sum(c.isalpha() for c in value)
    return digits >= 2 and letters >= 2 and entropy(value) >= 3.0 and digits + letters >= 0.7 * len(value)


def entropy(text: str) -> float:
    """Shannon entropy in bits per character; 0 for an empty text: `entropy("abab")` is 1."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) if text else 0.0


def kind_of_name(name: str) -> str:
    """`password`, `api_key`, `token` or `secret`, with the service when the name says it: `mlflow_password`."""
    lowered = re.sub(r"[.-]", "_", name.lower()).strip("_")
    words = (
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "api_key",
        "apikey",
        "access_key",
        "account_key",
        "auth_key",
        "token",
        "secret",
        "credential",
    )
    word = next((w for w in words if w in lowered), "secret")
    word = {"passwd": "password", "pwd": "password", "apikey": "api_key", "passphrase": "password"}.get(word, word)
    services = (
        "mlflow",
        "wandb",
        "aws",
        "azure",
        "openai",
        "dagshub",
        "comet",
        "neptune",
        "kaggle",
        "twilio",
        "mysql",
        "postgres",
        "mongo",
        "smtp",
    )
    service = next((s for s in services if s in lowered), "")
    return f"{service}_{word}" if service else word
