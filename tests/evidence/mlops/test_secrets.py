"""Committed credentials: found by shape and by name, look-alikes left alone, and no value anywhere in the facts.

Every credential here is put together when the test runs, so that no scanner takes this file for a leak.
"""

import random
import string
import time

import pytest

from tasks.evidence.mlops import collect
from tasks.evidence.mlops.secrets import find_secrets
from tasks.evidence.place import clip
from tasks.evidence.redaction import find_in, judge, redact

ALNUM = string.ascii_letters + string.digits


def made(length, alphabet=ALNUM, seed=7):
    return "".join(random.Random(seed).choices(alphabet, k=length))


HEX = "0123456789abcdef"
SHAPES = {
    "aws_access_key": "AK" + "IA" + made(16, string.ascii_uppercase + "234567"),
    "github_token": "gh" + "p_" + made(36),
    "gitlab_token": "gl" + "pat-" + made(20),
    "slack_token": "xo" + "xb-" + made(12, string.digits) + "-" + made(24),
    "anthropic_key": "sk-" + "ant-api03-" + made(90),
    "openai_key": "sk-" + made(48),
    "huggingface_token": "h" + "f_" + made(34, string.ascii_letters),
    "google_api_key": "AI" + "za" + made(35),
    "stripe_key": "sk_" + "live_" + made(24),
    "azure_storage_key": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + made(86) + "==",
    "azure_sas": "https://a.blob.core.windows.net/c?sv=2020-08-04&ss=b&sig=" + made(44) + "%3D",
    "npm_token": "np" + "m_" + made(36),
    "pypi_token": "py" + "pi-AgEIcHlwaS5vcmc" + made(100),
    "sendgrid_key": "S" + "G." + made(22) + "." + made(43, seed=8),
    "twilio_key": "TWILIO_SID=A" + "C" + made(32, HEX),
    "databricks_token": "da" + "pi" + made(32, HEX),
    "groq_key": "gs" + "k_" + made(52),
    "jwt": "ey" + "J" + made(30) + ".ey" + "J" + made(60) + "." + made(43),
    "kaggle_key": '{"username":"me","key":"' + made(32, HEX) + '"}',
    "comet_key": f'Experiment("{made(25)}")',
    "wandb_key": f'wandb.login(key="{made(40, HEX)}")',
    "password_in_url": "postgresql://bob:" + "hunter" + "2x9@db.example.org/app",
}


@pytest.mark.parametrize(("kind", "text"), SHAPES.items())
def test_shape_is_found_and_blanked(repository, kind, text):
    (secret,) = find_secrets(repository({"src/run.py": f"# first line\nx = '''{text}'''\n"}))
    assert (secret.kind, secret.line, secret.severity) == (kind, 2, "live")
    assert f"[redacted: {kind}]" in redact(text)


def test_private_key_is_found_with_its_line(repository):
    key = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + made(64) + "\n" + made(64) + "\n-----END RSA " + "PRIVATE KEY-----\n"
    (secret,) = find_secrets(repository({"keys/id_rsa": key}))
    assert (secret.kind, secret.line) == ("private_key", 1)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app.py", 'db_password = "{}"'),
        ("app.py", 'connect(host="db", password="{}")'),
        ("app.py", 'os.environ["MLFLOW_TRACKING_PASSWORD"] = "{}"'),
        ("config.yaml", "  secret_key: {}"),
        ("config.json", '{{"api_key": "{}"}}'),
        (".env", "API_TOKEN={}"),
        ("app.py", 'os.environ["KAGGLE_KEY"] = "{}"'),
        ("app.py", "app.config['SECRET_KEY'] = '{}'"),
        ("application.properties", "azure.subscription_key={}"),
        ("run.sh", "export DAGSHUB_TOKEN={}"),
        ("Dockerfile", "ENV DB_PASSWORD={}"),
        ("README.md", "export MLFLOW_TRACKING_PASSWORD={}"),
        ("nb.ipynb", '   "api_key = \\"{}\\"\\n",'),
        ("docker-compose.yml", "      MYSQL_PASSWORD: {}"),
    ],
)
def test_credential_known_by_its_name_is_found(repository, path, line):
    (secret,) = find_secrets(repository({path: line.format(made(32))}))
    assert (secret.file, secret.line, secret.severity) == (path, 1, "live")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app.py", 'api_key = os.environ["API_KEY"]'),
        ("app.py", "token = tokenizer.encode(text2ids)"),
        ("app.py", 'pad_token = "[PAD0123456789abcdef]"'),
        ("app.py", "max_tokens = 4096"),
        ("app.py", 'API_KEY = "your-api-key-1234"'),
        ("app.py", 'token = "<YOUR_TOKEN_HERE_12345>"'),
        ("app.py", 'password = "${DB_PASSWORD}"'),
        ("app.py", 'token_url = "https://a.b/oauth2/token12345"'),
        ("app.py", 'secret_name = "prod/db/password1"'),
        ("app.py", 'password_field = "userPassword1"'),
        ("app.py", 'raise ValueError("password: must have 8 characters or more")'),
        ("jupyter_config.py", "c.NotebookApp.password = 'sha1:0a1b2c3d4e5f:0a1b2c3d4e5f6a7b8c9d'"),
        ("app.py", 'sort_key = "0a1b2c3d4e5f6a7b8c9d"'),
        ("config.yaml", "api_key: ${{ secrets.API_KEY_123456789 }}"),
        ("config.yaml", "tokenizer: bert-base-uncased-12345"),
        (".env.example", "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx12"),
        ("README.md", "Set the token: it has 40 characters"),
        ("README.md", 'OPENAI_API_KEY="sk-..."'),
        ("docs/config.md", "SECRET_KEY = '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf'"),
        ("tests/test_login.py", 'password = "Sup3rS3cure!x"'),
        ("app.py", 'url = "http://user:password@example.com"'),
        ("app.py", 'url = f"postgresql://{user}:{password}@{host}"'),
        ("app.py", "sha = 'sk-learn-0a1b2c3d4e5f'"),
        ("poetry.lock", 'hash = "sha256:0a1b2c3d"'),
        ("key.py", 'if "-----BEGIN RSA PRIVATE KEY-----" in text: pass'),
    ],
)
def test_look_alike_is_no_live_secret(repository, path, line):
    assert [s for s in find_secrets(repository({path: line})) if s.severity == "live"] == []


@pytest.mark.parametrize("path", ["data/articles.jsonl", "articles.csv", "data/raw/dump.json", "logs/run.log", "corpus/a.txt"])
def test_data_file_is_not_searched(repository, path):
    assert find_secrets(repository({path: f'{{"text": "{SHAPES["openai_key"]}"}}\n'})) == ()


def test_default_of_a_local_service_is_a_default(repository):
    text = (
        "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n      URL: postgresql://airflow:airflow@postgres/airflow\n"
    )
    assert [s.severity for s in find_secrets(repository({"docker-compose.yml": text}))] == ["default", "default"]


def test_placeholder_is_told_only_in_a_committed_env_file(repository):
    found = find_secrets(repository({".env": "API_KEY=your-key-here\n", "a.env.example": "API_KEY=your-key-here\n"}))
    assert [(s.file, s.severity) for s in found] == [(".env", "placeholder")]


def test_binary_and_committed_environments_are_left_out(repository):
    files = {"m.dat": b"\0\1" + SHAPES["github_token"].encode(), "venv/pyvenv.cfg": "", "venv/lib/a.py": f'x = "{SHAPES["github_token"]}"'}
    assert find_secrets(repository(files)) == ()


def test_utf16_file_is_read(repository):
    (secret,) = find_secrets(repository({"deploy.ps1": f"$token = '{SHAPES['github_token']}'\r\n".encode("utf-16")}))
    assert secret.kind == "github_token"


def test_no_value_is_anywhere_in_the_facts(repository):
    password = made(24)
    values = [SHAPES["github_token"], SHAPES["openai_key"], SHAPES["aws_access_key"], password]
    files = {
        "README.md": f"# A\n```\nexport DB_PASSWORD={password}\nGITHUB_TOKEN={values[0]} python train.py\n```\n",
        "Dockerfile": f"FROM python:3.11\nENV KEY={values[2]}\nUSER {values[0]}\n",
        ".github/workflows/ci.yml": f"jobs:\n  a:\n    steps:\n    - run: API_PASSWORD={password} pytest --token {values[0]}\n",
        "train.py": f'import mlflow, wandb\nwandb.init(key="{values[1]}")\nmlflow.start_run(run_name="{values[0]}")\n',
        "requirements.txt": f"git+https://{values[0]}@github.com/a/b.git\npandas==2.0\n",
        "docker-compose.yml": f"services:\n  a:\n    image: r.io/{values[0]}:1\n",
        "pyproject.toml": f'[project]\nname = "a"\nlicense = "MIT {values[0]}"\nrequires-python = ">=3.10"  # {values[0]}\n',
    }
    facts = collect(repository(files))
    assert len(facts.secrets) >= 4
    assert [v for v in values if v in facts.model_dump_json()] == []


def test_snippet_is_redacted_before_it_is_cut():
    line = "x" * 180 + " " + SHAPES["github_token"]
    assert SHAPES["github_token"][:10] not in clip(line)


@pytest.mark.parametrize(
    ("name", "value", "severity"),
    [
        ("db_password", "Tr0ub4dor&3x", "live"),
        ("POSTGRES_PASSWORD", "postgres", "default"),
        ("password", "admin123", "default"),
        ("password", "changeme", "placeholder"),
        ("api_key", "your_api_key_1", "placeholder"),
        ("api_key", "short1", None),
        ("num_tokens", "0a1b2c3d4e5f6a7b8c9d", None),
        ("SECRET_KEY", "django-insecure-" + "0a1b2c3d4e5f6a7b8c9d", "default"),
    ],
)
def test_value_is_judged_by_its_name_and_its_text(name, value, severity):
    assert judge(name, value) == severity


def test_text_without_a_secret_is_unchanged():
    text = "token = tokenizer(text); password: see the wiki; https://github.com/a/b@v1; max_tokens=512"
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    ["password" * 20_000, "eyJ" * 30_000, "a:b@" * 20_000, "token=" * 20_000, "x" * 200_000 + "://", "key-" * 30_000, "sk-" * 40_000],
)
def test_hostile_text_takes_no_time(text):
    start = time.process_time()
    list(find_in(text))
    assert time.process_time() - start < 2
