"""Names that tell of something written down after the outcome. A name accuses nothing alone; it lowers what a measurement must show."""

from __future__ import annotations

import re

_AFTER = re.compile(
    r"(?:^|[_\W]|(?<=[a-z]))(?:closed?|closing|clos(?:ure|ed_?at)|cancel\w*|reason|outcome|result|resolved|resolution|final|settle\w*|discharge\w*|death|died|deceased"
    r"|payout|payoff|paid|refund\w*|recover\w*|collection|charge_?off|charged_?back|chargeback|terminat\w*|exit|ended|end|complet\w*|returned|actual|after|post|approved"
    r"|investigat\w*|predicted|prediction|forecasted|verdict|diagnosis|treatment|claim_?paid|follow_?up|last_pymnt\w*|outcome_date|decision|body|boat|unsubscrib\w*|churn\w*"
    r"|default\w*|fraud\w*|label|target|winner|score_after|severity|damage)(?:$|[_\W\d]|(?=[A-Z]))",
    re.IGNORECASE,
)


def tells_afterwards(name: str) -> bool:
    """Whether the name speaks of what happened then.

    >>> tells_afterwards("cancellation_reason"), tells_afterwards("age")
    (True, False)
    """
    return bool(_AFTER.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)))
