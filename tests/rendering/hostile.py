"""A report in which every text that a repository can choose is an attack."""

from tasks.evidence.place import Place
from tasks.rules.contract import Suppressed, UndeterminedItem, Verdict
from tests.rendering.reports import DRIFT, finding, report, repository, section

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
MARKDOWN = "![x](http://evil.example/x.png) [a](javascript:alert(1)) | cell | <b>bold</b> `code` www.evil.example"
TERMINAL = "\x1b[2J\x1b]0;title\x07\x1b[31mred\u202e\u200b\x00end"
HOSTILE = f"{MARKUP} {MARKDOWN} {TERMINAL}"
URL = "javascript:alert(1)//github.com/owner/name"


def hostile_report():
    """Names, snippets, notes, reasons, claims, features and paths of a hostile repository."""
    places = [Place(file=f"{HOSTILE}/{i}.py", line=i, snippet=HOSTILE, note=HOSTILE) for i in (1, 2)]
    found = [finding(file=places[0].file, line=1, snippet=HOSTILE, detail=HOSTILE, places=places)]
    drift = [{**DRIFT[0], "reference": HOSTILE, "current": HOSTILE, "features": [{**DRIFT[0]["features"][0], "name": HOSTILE}]}]
    facts = {"datasets": [{"path": HOSTILE, "rows": 3, "target": HOSTILE}], "references": [{"kind": HOSTILE, "ref": HOSTILE}]}
    return report(
        found,
        repository=repository(url=URL, name=HOSTILE, commit=HOSTILE, commit_date=HOSTILE),
        sections={
            "dataset": section(facts=facts, assessment={"drift": drift}, narrative=HOSTILE),
            "training": section(narrative=HOSTILE),
        },
        verdict=Verdict(level="not_ready", sentence=HOSTILE),
        summary=HOSTILE,
        facts={
            "kind": HOSTILE, "frameworks": [HOSTILE], "license": HOSTILE,
            "claimed_metrics": [{"name": HOSTILE, "value": 1.0, "unit": HOSTILE, "file": HOSTILE, "line": 3}],
        },
        suppressed=[Suppressed(code="TRN002", title="A title", reason=HOSTILE, file=HOSTILE, points=1.0)],
        undetermined=[UndeterminedItem(what=HOSTILE, reason=HOSTILE)],
    )  # fmt: skip
