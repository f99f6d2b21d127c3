"""Whether serving code writes down what it was asked and what it answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.monitoring.services import serves
from tasks.evidence.monitoring.uses import is_test
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

PLACES_LIMIT = 20
_ANSWER = re.compile(r"pred(?:iction)?s?\b|predicted|output|result|response|score|answer|label|proba", re.IGNORECASE)
_WRITE = re.compile(
    r"(?:^|\.)(?:insert_one|insert_many|insert|execute|executemany|to_sql|put_record|put_item|send|produce|publish|xadd|writerow|add|index|lpush|rpush|"
    r"send_message|add_document|log_prediction|save_prediction|log_inference|collect|append_row)$"
)
_LOGGED = re.compile(r"(?:^|\.)(?:info|debug|warning|log)$")
_NAMED = re.compile(
    r"(?:log|save|store|record|persist|write|insert)_?\w{0,20}(?:prediction|inference|request|response|feedback|query|conversation)s?",
    re.IGNORECASE,
)
_NOT_STORE = re.compile(r"^(?:tensorflow|torch|numpy|streamlit|st|requests|math|sys|sns|plt|pipe|model)\b")
_STORES = re.compile(
    r"sqlite|sqlalchemy|psycopg|pymongo|mongo|redis|kafka|cursor|conn|session|\bdb\b|collection|boto3|firestore|queue|producer|elastic|csv|writer",
    re.I,
)


def find_prediction_log(snapshot: Snapshot) -> tuple[Place, ...]:
    """Places in serving code where a prediction goes to a log, file, database or queue."""
    places = []
    for source in snapshot.sources:
        if not is_test(source.path) and serves(source):
            places += [place_in(snapshot, source.path, line, note) for line, note in sorted(set(_written(source)))]
    return tuple(places[:PLACES_LIMIT])


def _written(source: SourceFile) -> Iterator[tuple[int, str]]:
    for call in source.calls:
        texts = " ".join([*call.args, *call.keywords.values()])
        if _NAMED.search(call.attribute):
            yield call.line, "prediction recorded"
        elif _WRITE.search(call.name) and not _NOT_STORE.match(call.name) and _is_store(call) and _ANSWER.search(texts):
            yield call.line, "prediction stored"
        elif _LOGGED.search(call.name) and re.search(r"log", call.name) and _logs_a_value(call):
            yield call.line, "prediction logged"
        elif call.attribute in ("ModelDataCollector", "DataCaptureConfig") or (
            call.attribute == "collect" and "Collector" in (call.receiver or "")
        ):
            yield call.line, "data collector"


def _is_store(call: Call) -> bool:
    return bool(_STORES.search(f"{call.name} {call.receiver or ''}"))


def _logs_a_value(call: Call) -> bool:
    """A variable that holds an answer is logged, not only words about one."""
    text = " ".join(call.args)
    values = [*re.findall(r"\{([^{}]{1,60})\}", text), *(a for a in call.args[1:])]
    values += [a for a in call.args[:1] if not a.startswith(("'", '"', "f'", 'f"'))]
    return any(re.search(r"pred(?:iction)?s?\b|predicted|proba|answer|score\b", v, re.IGNORECASE) for v in values)
