"""What a failed command's last lines say: the message that ended it, cleaned, and the class of the reason when it is one of the world's.

A log is hostile text. Lines are cut, each is matched once by patterns without nesting, and nothing of it becomes a
command: a repair takes a name from it only after it was checked against the tree or a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from tasks.evidence.outputs.log_text import message_of
from tasks.rules.execution.plan import ReasonClass
from tasks.rules.sandbox.job import JobOutcome

TAIL_LINES = 400
LINE_LIMIT = 500
_ERROR = re.compile(
    r"^(?:cell \d{1,5} failed: )?[\w.]{0,120}?(?:Error|Exception|Exit|NotFound|Refused|Missing\w{0,30}|Interrupt|Warning|Incompatible\w{0,30})\b"
)
_NOTEBOOK_SERVICE = re.compile(r"No module named 'google(?:\.colab)?'")
_NOISE = re.compile(r"Warning\b|warn\(|^W\d{4}|^I\d{4}|Could not load dynamic library|TF-TRT|cuda drivers|Unable to register")


class Failure(BaseModel):
    """The failed attempt in words."""

    model_config = ConfigDict(frozen=True)

    lines: tuple[str, ...]
    """The last lines, cleaned and cut."""
    errors: tuple[str, ...]
    """Lines that name an error, last first; of a notebook first first, since later cells fail for want of earlier ones."""
    line: str
    """The one line a person would look at."""

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, in error lines before all others."""
        for line in (*self.errors, *reversed(self.lines)):
            if match := pattern.search(line):
                return match
        return None

    def find_error(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match in an error line."""
        return next((m for line in self.errors if (m := pattern.search(line))), None)


def read_failure(tail: Sequence[str], notebook: bool = False) -> Failure:
    """The failure that the last lines of a log tell of."""
    lines = tuple(message_of(line).text.strip()[:LINE_LIMIT] for line in list(tail)[-TAIL_LINES:])
    errors = [line for line in lines if _ERROR.match(line) and not _NOISE.search(line[:80])]
    ordered = _of_notebook(errors) if notebook else errors[::-1]
    spoken = [line for line in lines if line and not line.startswith(("notebook:", "File ", "^", "~"))]
    return Failure(lines=lines, errors=tuple(dict.fromkeys(ordered)), line=ordered[0] if ordered else spoken[-1] if spoken else "")


def _of_notebook(errors: list[str]) -> list[str]:
    """The list of failed cells at the end, which names also those whose own output is too far back; without the mount of the author's drive."""
    cells = [line for line in errors if line.startswith("cell ")]
    return [line for line in cells if not _NOTEBOOK_SERVICE.search(line)] or cells or errors


NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|nodename nor servname|Failed to resolve|getaddrinfo failed|"
    r"Network is unreachable|NameResolutionError|Max retries exceeded|ConnectionError|URLError|OfflineModeIsEnabled|LocalEntryNotFoundError|"
    r"Couldn't reach|couldn't connect to|Could not connect|Connection refused|No address associated|gaierror|SSLError|"
    r"Can't load (?:tokenizer|the configuration|the model) (?:for|of)|outgoing traffic has been disabled|offline mode|"
    r"Resource \S{1,60} not found|Please use the NLTK Downloader|Can't find model '|RemoteDisconnected|ProxyError"
)
_CREDENTIALS = re.compile(
    r"NoCredentialsError|DefaultCredentialsError|Unable to locate credentials|api[_ ]?key|API key|Unauthorized|401 Client Error|403 Client Error|"
    r"AuthenticationError|ClientAuthenticationError|credential|access token|kaggle\.json|wandb login|not logged in|Please log ?in|PermissionDenied|"
    r"No module named 'dbutils|name 'dbutils'|name 'spark' is not|google\.colab|AzureML|WorkspaceException|RunEnvironmentException|"
    r"password authentication failed|OperationalError.{0,80}(?:connect|server)|ServerSelectionTimeoutError"
)
_GPU = re.compile(
    r"No CUDA GPUs are available|Torch not compiled with CUDA|CUDA (?:driver|error)|Found no NVIDIA driver|no CUDA-capable device|"
    r"Cannot find .{0,20}GPU|libcuda\.so|nvidia-smi|requires? (?:a )?GPU|NCCL|MisconfigurationException.{0,80}(?:GPU|gpu|CUDA)|"
    r"cuda:\d' is not|Expected a .cuda. device|GPU (?:is )?(?:not |un)available"
)
_NO_FILE = re.compile(
    r"No such file or directory|does not exist|FileNotFoundError|cannot find|not found: '|File not found|No files? found|found 0 files",
    re.IGNORECASE,
)
_OLD_PYTHON = re.compile(
    r"SyntaxError: (?:Missing parentheses in call to 'print'|invalid syntax|multiple exception types)|No module named '(?:urllib2|ConfigParser|cPickle|Queue|StringIO|__builtin__|imp|asynchat|distutils\.\w+)'|"
    r"name '(?:unicode|xrange|raw_input|reload|unichr)' is not defined|cannot import name '(?:Mapping|Iterable|Sequence|Callable|MutableMapping)' from 'collections'|"
    r"module 'collections' has no attribute|Python version .{0,40}(?:not supported|required)|requires Python"
)
_DATA_FILE = re.compile(
    r"(?i)\.(?:csv|tsv|parquet|feather|jsonl?|xlsx?|txt|npz?|npy|h5|hdf5|pkl|pickle|zip|tar|gz|jpe?g|png|dat|data|arff|mat|wav|mp4|db|sqlite3?|root|nc|tfrecords?|lmdb|record)\b|data|dataset|train|input|images?"
)


def reason_of(failure: Failure, outcome: JobOutcome) -> ReasonClass | None:
    """The class of the reason when what is missing is of the world, not of the plan; None when the code itself failed."""
    if outcome.oom or outcome.cause == "oom":
        return "gpu_or_size"
    head = " ".join(failure.errors[:3]) or failure.line
    ordered: tuple[tuple[ReasonClass, re.Pattern[str]], ...] = (
        ("gpu_or_size", _GPU), ("credentials_or_platform", _CREDENTIALS), ("data_missing", NETWORK), ("python_version", _OLD_PYTHON),
    )  # fmt: skip
    for reason, pattern in ordered:
        if pattern.search(head):
            return reason
    if _NO_FILE.search(head) and _DATA_FILE.search(head):
        return "data_missing"
    if re.search(r"ModuleNotFoundError|ImportError|DistributionNotFound|VersionConflict", head):
        return "dependencies"
    found = next((reason for reason, pattern in ordered[:3] if any(pattern.search(line) for line in failure.lines[-60:])), None)
    return found
