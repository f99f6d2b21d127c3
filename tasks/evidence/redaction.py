"""Secrets by their shape: one table for finding them and for blanking them before anything leaves the process."""

from __future__ import annotations

import re


def redact(text: str) -> str:
    """The text with every recognised secret replaced by `[redacted: kind]`."""
    for kind, pattern in SECRET_PATTERNS.items():
        text = pattern.sub(f"[redacted: {kind}]", text)
    return text


SECRET_PATTERNS: dict[str, re.Pattern[str]] = {
    "aws_access_key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "github_token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})\b"),
    "private_key": re.compile(r"-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY-----"),
}
