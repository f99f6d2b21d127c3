"""All datasets of a repository: the most telling files profiled, the rest listed with their rows."""

from __future__ import annotations

import time
from collections import defaultdict

from tasks.evidence.dataset import limits
from tasks.evidence.dataset.counting import count_table
from tasks.evidence.dataset.discovery import DataFile, LoadedFile, base_name
from tasks.evidence.dataset.facts import DatasetProfile
from tasks.evidence.dataset.profiling import profile_table
from tasks.evidence.dataset.reading import read_table
from tasks.evidence.dataset.split_tables import inputs_beside, suspicious_inputs
from tasks.evidence.dataset.target import CERTAIN_WEIGHT
from tasks.evidence.dataset.target_mentions import Mention, find_mentions
from tasks.evidence.dataset.usage import CodeUse, chooses_by_name, is_in_no_list, is_left_out, read_use
from tasks.evidence.snapshot import Snapshot

LISTED_ONLY = "listed with its rows only: more files than are profiled, or no time left"
MANY_FILES = 6
"""From so many data files on, what code says of a target is taken for the table it names."""
NAMED_BY_TARGET_FILE = 2.5
"""Weight for other tables of the name that is alone in a file of targets."""


def profile_files(
    snapshot: Snapshot, files: dict[str, DataFile], texts: list[tuple[str, str]], loaded: tuple[LoadedFile, ...], deadline: float
) -> tuple[DatasetProfile, ...]:
    """In path order. Files that code names come first where the limits bind, then those in data folders, then larger ones."""
    mentions = find_mentions(texts)
    named_in: defaultdict[str, set[str]] = defaultdict(set)
    for item in loaded:
        named_in[base_name(item.name)].add(item.file)
    order = sorted(files.values(), key=lambda f: (not f.loaded, f.path.count("/"), -min(f.size, limits.WHOLE_FILE_BYTES), f.path))
    crowded = len(files) >= MANY_FILES
    found: dict[str, DatasetProfile] = {}
    for file in order[: limits.FILES_LISTED]:
        if len(found) < limits.FILES_PROFILED and time.process_time() < deadline:
            profile = _profile(snapshot, file, mentions, frozenset(named_in[base_name(file.path)]), crowded)
        else:
            profile = _listed(snapshot, file, deadline)
        if profile is not None:
            found[file.path] = profile.model_copy(update={"loaded": file.loaded})
    _share_targets(snapshot, files, found, mentions, named_in, deadline)
    _drop_guesses(found)
    _join_split_tables(snapshot, files, found, deadline)
    use = read_use(texts)
    return tuple(_with_usage(found[path], use) for path in sorted(found))


def _profile(snapshot: Snapshot, file: DataFile, mentions: list[Mention], named_in: frozenset[str], crowded: bool) -> DatasetProfile | None:
    table = read_table(snapshot, file)
    if table is None or (table.frame is None and not table.problem):
        return None
    try:
        return profile_table(file, table, mentions, named_in, crowded)
    except MemoryError:
        return DatasetProfile(
            path=file.path, format=table.format, rows=table.rows, bytes=file.size, problem="not profiled: it does not fit in memory"
        )
    except Exception as error:  # odd content must not end the analysis; its kind is told, not its content
        problem = f"not profiled: {type(error).__name__}"
        return DatasetProfile(path=file.path, format=table.format, rows=table.rows, bytes=file.size, problem=problem)


def _listed(snapshot: Snapshot, file: DataFile, deadline: float) -> DatasetProfile | None:
    table = count_table(snapshot, file) if time.process_time() < deadline + limits.SECONDS / 2 else None
    if table is None:
        return None
    return DatasetProfile(
        path=file.path, format=table.format, rows=table.rows, bytes=file.size, sampled=True, why_sampled=LISTED_ONLY, problem=table.problem,
        n_columns=table.columns,
    )  # fmt: skip


def _share_targets(
    snapshot: Snapshot,
    files: dict[str, DataFile],
    found: dict[str, DatasetProfile],
    mentions: list[Mention],
    named_in: defaultdict[str, set[str]],
    deadline: float,
) -> None:
    """The one column of a file of targets names the target of the tables beside it that hold it too."""
    sure = {(p.target, p.path) for p in found.values() if p.target and any("in a file of targets" in r for r in p.target_reasons)}
    if not sure:
        return
    more = [Mention(name, path, 0, NAMED_BY_TARGET_FILE, "alone in a file of targets") for name, path in sorted(sure)]
    for path, profile in found.items():
        holds = {c.name for c in profile.columns} & {name for name, _ in sure}
        if holds and profile.target_weight < CERTAIN_WEIGHT + 2 and time.process_time() < deadline:
            again = _profile(snapshot, files[path], mentions + more, frozenset(named_in[base_name(path)]), len(files) >= MANY_FILES)
            found[path] = again.model_copy(update={"loaded": files[path].loaded}) if again else profile


def _drop_guesses(found: dict[str, DatasetProfile]) -> None:
    """A table that is another one without its target, as competitions hand out, has none; another column was guessed."""
    whole = [(p.target, {c.name for c in p.columns}) for p in found.values() if p.target and p.target_weight >= CERTAIN_WEIGHT]
    for path, profile in found.items():
        columns = {c.name for c in profile.columns}
        if profile.target and any(profile.target != t and columns == names - {t} for t, names in whole):
            found[path] = profile.model_copy(update={"target": None, "target_reasons": (), "target_weight": 0.0, "class_balance": {}})


def _join_split_tables(snapshot: Snapshot, files: dict[str, DataFile], found: dict[str, DatasetProfile], deadline: float) -> None:
    for path, profile in sorted(found.items()):
        inputs = inputs_beside(profile, found)
        if inputs is None or profile.target is None or time.process_time() > deadline:
            continue
        try:
            suspicious = suspicious_inputs(snapshot, files[path], files[inputs.path], profile.target)
        except (MemoryError, TypeError, ValueError):  # odd cells; the tables themselves are profiled
            continue
        found[path] = profile.model_copy(update={"suspicious_predictors": (*profile.suspicious_predictors, *suspicious)})


def _with_usage(profile: DatasetProfile, use: CodeUse) -> DatasetProfile:
    """What code does with the keys and the too good predictors of a table with a target."""
    if profile.target is None:
        return profile
    others = [c.name for c in profile.columns if c.name != profile.target]
    suspicious = tuple(
        s.model_copy(update={"dropped": any(_is_out(n, others, use) for n in s.columns)}) for s in profile.suspicious_predictors
    )
    return profile.model_copy(update={"suspicious_predictors": suspicious, "ids_left_in": _ids_left_in(profile, use)})


def _is_out(name: str, others: list[str], use: CodeUse) -> bool:
    return is_left_out(name, use) or is_in_no_list(name, [o for o in others if o != name], use)


def _ids_left_in(profile: DatasetProfile, use: CodeUse) -> tuple[str, ...]:
    others = [c.name for c in profile.columns if c.name not in (*profile.id_columns, profile.target)]
    if use.by_position or chooses_by_name(others, use):
        return ()
    return tuple(n for n in profile.id_columns if n != profile.target and not _is_out(n, others, use))
