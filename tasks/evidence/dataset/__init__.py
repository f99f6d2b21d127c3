"""The room of data: which files are datasets, what they hold, what belongs together, what lies elsewhere.

Facts name columns, counts and classes, never a cell. Nothing is unpickled, no link is followed, and every file that
cannot be read is a `problem`. All limits are in `limits` and in the facts. Heavy imports (pandas, pyarrow, scipy) are
inside functions: rules import `facts` from here.
"""

from __future__ import annotations

from tasks.evidence.dataset.facts import DatasetFacts
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> DatasetFacts:
    """All facts about data, within `limits`."""
    import time

    from tasks.evidence.dataset import limits
    from tasks.evidence.dataset.discovery import base_name, code_texts, find_data_files, find_loaded_files
    from tasks.evidence.dataset.imbalance import mentions_remedy
    from tasks.evidence.dataset.listing import profile_files
    from tasks.evidence.dataset.missing_files import find_missing
    from tasks.evidence.dataset.pairs import find_pairs
    from tasks.evidence.dataset.references import find_references
    from tasks.evidence.dataset.usage import handles_nulls
    from tasks.evidence.dataset.versioning import find_versioning

    texts = code_texts(snapshot)
    loaded = find_loaded_files(texts)
    pointers = find_versioning(snapshot)
    references = find_references(snapshot, texts)
    files = {f.path: f for f in find_data_files(snapshot, loaded) if f.path not in pointers.paths}
    deadline = time.process_time() + limits.SECONDS
    profiles = profile_files(snapshot, files, texts, loaded, deadline)
    fetched = frozenset(base_name(r.ref) for r in references if r.kind in ("url", "s3", "gcs", "azure_blob"))
    return DatasetFacts(
        datasets=profiles,
        pairs=find_pairs(snapshot, files, profiles, deadline + limits.SECONDS / 2),
        references=references,
        versioning=pointers.found,
        missing_files=find_missing(snapshot, loaded, pointers, fetched),
        imbalance_mentioned=mentions_remedy(texts),
        nulls_handled=handles_nulls(texts),
        limits=limits.STATED,
    )
