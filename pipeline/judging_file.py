"""Judging a file: JSON lines in, one JSON line out for each, in order, bad lines answered by an error."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from classifier.corpus import as_text, as_time
from models.errors import DiembaoError
from models.records import Place, Reading, Verdict

BATCH = 256


class BadLineError(DiembaoError):
    """A line of the input that cannot be judged; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the output; `bad` where the input line could not be judged."""

    line: str
    bad: bool


def parse_line(line: str) -> Reading:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise BadLineError("not a JSON object")
    if row.get("id") is None or row["id"] == "":
        raise BadLineError("the object has no id")
    return Reading(
        id=as_text(row["id"]),
        title=as_text(row.get("title")),
        sapo=as_text(row.get("sapo")),
        text=as_text(row.get("text")),
        url=as_text(row.get("url")),
        source=as_text(row.get("source")),
        published=as_time(row.get("published")),
    )


def as_row(reading: Reading, verdict: Verdict, place: Place | None, in_territory: str | None) -> dict[str, Any]:
    """The contract's fields in their order."""
    return {
        "id": reading.id,
        "score": verdict.score,
        "flag": int(verdict.flag),
        "kind": verdict.kind,
        "types": dict(verdict.types),
        "setting": verdict.setting,
        "stage": verdict.stage,
        "age": verdict.age,
        "age_basis": verdict.age_basis,
        "sex": verdict.sex,
        "victims": verdict.victims,
        "relation": verdict.relation,
        "danger_now": verdict.danger_now,
        "language": verdict.language,
        "place": None if place is None else place_row(place),
        "in_territory": in_territory,
        "evidence": [list(span) for span in verdict.evidence],
        "exposes_child": [list(span) for span in verdict.exposes_child],
        "reason": verdict.reason,
        "model": verdict.model,
    }


def place_row(place: Place) -> dict[str, Any]:
    return {
        "commune": place.commune,
        "district": place.district,
        "province": place.province,
        "era": place.era,
        "old_codes": list(place.old_codes),
        "new_codes": list(place.new_codes),
        "old_province": place.old_province,
        "new_province": place.new_province,
        "words": place.words,
        "confidence": place.confidence,
    }


Locate = Callable[[Reading, Verdict], tuple[Place | None, str | None]]


def nowhere(_reading: Reading, _verdict: Verdict) -> tuple[Place | None, str | None]:
    return None, None


def answer_batch(
    lines: Sequence[str], judge: Callable[[Sequence[Reading]], list[Verdict]], locate: Locate
) -> list[Answer]:
    """One answer a line, in order."""
    parsed: list[Reading | BadLineError] = []
    for line in lines:
        try:
            parsed.append(parse_line(line))
        except BadLineError as error:
            parsed.append(error)
    readings = [item for item in parsed if isinstance(item, Reading)]
    verdicts = iter(judge(readings))
    answers: list[Answer] = []
    for item in parsed:
        if isinstance(item, BadLineError):
            row: dict[str, Any] = {"id": None, "error": str(item)}
        else:
            verdict = next(verdicts)
            row = as_row(item, verdict, *locate(item, verdict))
        answers.append(Answer(json.dumps(row, ensure_ascii=False), isinstance(item, BadLineError)))
    return answers


def batches(lines: Iterable[str]) -> Iterator[list[str]]:
    """Input lines without their line ends, BATCH at a time."""
    source = (line.rstrip("\r\n") for line in lines)
    while batch := list(islice(source, BATCH)):
        yield batch


Setup = Callable[[], tuple[Callable[[Sequence[Reading]], list[Verdict]], Locate]]
_worker: dict[str, Any] = {}


def _start_worker(setup: Setup) -> None:
    _worker["judge"], _worker["locate"] = setup()


def _work(lines: Sequence[str]) -> list[Answer]:
    return answer_batch(lines, _worker["judge"], _worker["locate"])


def judge_lines(lines: Iterable[str], setup: Setup, workers: int = 1) -> Iterator[Answer]:
    """Answers in the order of the lines. `setup` builds judge and place finder, once in each process."""
    if workers <= 1:
        judge, locate = setup()
        for batch in batches(lines):
            yield from answer_batch(batch, judge, locate)
        return
    with ProcessPoolExecutor(workers, initializer=partial(_start_worker, setup)) as pool:
        source = batches(lines)
        while group := list(islice(source, workers * 4)):
            for answers in pool.map(_work, group):
                yield from answers
