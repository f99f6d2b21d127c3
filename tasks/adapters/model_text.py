"""Text on its way to a language model and back: secrets blanked, answers unwrapped, errors put so that a model can mend them."""

from __future__ import annotations

import re

from pydantic import ValidationError

from tasks.evidence.redaction import SECRET_PATTERNS, redact

_FENCE = re.compile(r"^\s*```[\w-]*\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)


def without_secrets(text: str) -> str:
    """Text fit to leave: beyond what counts as a live secret, whatever has the shape of one is blanked too."""
    text = redact(text)
    for kind, pattern in SECRET_PATTERNS.items():
        text = pattern.sub(lambda match, kind=kind: match[0].replace(match["value"], f"[redacted: {kind}]"), text)  # type: ignore[misc]
    return text


def unwrap(text: str) -> str:
    """The JSON of an answer: without a code fence, and without talk around one object."""
    fenced = _FENCE.match(text)
    bare = (fenced[1] if fenced else text).strip()
    first, last = bare.find("{"), bare.rfind("}")
    return bare[first : last + 1] if 0 <= first < last else bare


def explain(error: ValidationError) -> str:
    """A validation error as lines a model can act on, without links."""
    return "\n".join(f"- {'.'.join(str(p) for p in e['loc']) or 'answer'}: {e['msg']}" for e in error.errors(include_url=False)[:10])
