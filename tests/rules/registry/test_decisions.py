from tasks.rules.registry.decisions import decision_rows, decisions_markdown, tell_changes
from tasks.rules.registry.ledger import Entry, Ledger


def entry(**more):
    values = {
        "seq": 1,
        "operation": "transition",
        "set": {"2": "production", "1": "archived"},
        "actor": "ann",
        "reason": "better",
        "ts": "now",
    }
    return Entry(**values | {"before": {"2": "approved", "1": "production"}} | more)


def test_a_decision_tells_from_and_to():
    assert tell_changes(entry()) == "2: approved > production; 1: production > archived"
    assert tell_changes(entry(set={"1": "candidate"}, before={"1": None})) == "1: new > candidate"


def test_a_decision_tells_its_evidence_and_thresholds():
    row = decision_rows(Ledger(entries=(entry(evidence={"verdict": "promote_b", "p_value": 0.01}, thresholds={"alpha": 0.05}),)))[0]
    assert (row["who"], row["evidence"], row["thresholds"]) == ("ann", "verdict: promote_b, p_value: 0.01", "alpha: 0.05")


def test_texts_of_strangers_stay_in_their_cell():
    page = decisions_markdown("churn", Ledger(entries=(entry(reason="a | b\n# <script>[x](javascript:1)\x1b[31m"),), void=("`x`",)))
    row = next(line for line in page.splitlines() if line.startswith("| 1 |"))
    assert "a \\| b # &lt;script&gt;\\[x]" in row and "\x1b" not in page
    assert "- Void: \\`x\\`" in page
