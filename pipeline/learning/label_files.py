"""Labels in and out of the house. What goes out carries no reader's name and no name of a person in its texts."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classifier.features import FAMILY_NAMES
from models.records import Reading
from models.store import audit, labels
from models.store.labels import IMPORT, Given
from pipeline.learning.formats import READERS, Bad, FormatError, parse
from pipeline.masking import MASK, exposing_words, hide
from pipeline.story_names import names_of_articles

FORMATS = tuple(READERS)
COLUMNS = (
    "id", "version", "source", "published", "url", "title", "sapo", "text", "flag", "kind", "types", "province",
    "setting", "age", "sex", "story", "reader", "labelled_at", "given_as", "chance",
)  # fmt: skip
OPENERS = ("=", "+", "-", "@", "\t", "\r")
_CAPITAL = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ"
_RUN = re.compile(rf"\b[{_CAPITAL}]\w*(?:[ \u00a0][{_CAPITAL}]\w*)+")
_CALLED = re.compile(rf"\b((?i:bé|cháu|em|anh|chị|ông|bà|cô|chú)[ \u00a0])[{_CAPITAL}][\w.]*")
_PROVINCES = (
    "Cao Bằng", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hồ Chí Minh", "Lâm Đồng", "Thái Bình", "Thái Nguyên",
)  # fmt: skip
"""Those that open with what is also a family name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `new` labels kept, `repeated` ones that were there, and the rows left out."""

    new: int
    repeated: int
    bad: tuple[Bad, ...]


def import_labels(
    session: Session, content: bytes, kind: str, *, user_id: int | None, reader: str, at: datetime
) -> Imported:
    """Keep what a file says. Rows that cannot be used are named and stop nothing else; importing again adds nothing.

    `reader` stands where the file names no reader, `at` where it names no time.
    """
    new, repeated, bad = 0, 0, []
    for row in parse(content, kind):
        if isinstance(row, Bad):
            bad.append(row)
            continue
        own = re.fullmatch(r"bai-(\d{1,9})", row.id)
        inside = labels.version_of(session, int(own.group(1)), row.version) if own else None
        key = row.id if inside else f"nhap-{row.id}"
        who = row.who or reader
        if labels.known(session, key, who, row.said.flag):
            repeated += 1
            continue
        labels.add(
            session,
            row.said,
            source=IMPORT,
            at=min(row.at, at) if row.at else at,
            key=key,
            user_id=user_id,
            reader=who,
            article_id=inside[0] if inside else None,
            version_id=inside[1] if inside else None,
            item={} if inside else row.item,
            model=row.model,
        )
        new += 1
    detail: dict[str, str | int | bool | None] = {
        "format": kind,
        "new": new,
        "repeated": repeated,
        "bad": len(bad),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    audit.append(session, at=at, action="label.import", user_id=user_id, object=None, detail=detail)
    return Imported(new, repeated, tuple(bad))


def export_labels(session: Session, kind: str, given: Sequence[Given]) -> str:
    """The labels as a file of that kind, readers and people in the texts hidden."""
    if kind not in WRITERS:
        raise FormatError(f"Không có định dạng «{kind}» (có: {', '.join(WRITERS)})")
    return WRITERS[kind](pseudonymised(session, given))


def pseudonymised(session: Session, given: Sequence[Given]) -> list[Given]:
    """Readers become `nguoi-1`, `nguoi-2` … in order of appearance; names and what exposes a child become a block."""
    readers: dict[str, str] = {}
    spans = labels.exposed(session, [one.version_id for one in given if one.version_id is not None])
    names = names_of_articles(session, [one.article_id for one in given if one.article_id is not None])
    made = []
    for one in given:
        who = readers.setdefault(one.who, f"nguoi-{len(readers) + 1}")
        elsewhere = names.get(one.article_id or 0, frozenset())
        reading = hidden(one.reading, spans.get(one.version_id or 0, ()), elsewhere)
        made.append(replace(one, who=who, reading=reading))
    return made


def hidden(reading: Reading, spans: Iterable[Any], elsewhere: Iterable[str]) -> Reading:
    """The texts without the words of these spans, wherever they stand, those that other articles give away, and
    without names of people; the address goes too, for it often holds the headline."""
    words = exposing_words({name: getattr(reading, name) for name in _FIELDS}, spans).union(elsewhere)
    title, sapo, text = (without_names(hide(getattr(reading, name), words)) for name in _FIELDS)
    return replace(reading, url="", title=title, sapo=sapo, text=text)


def without_names(text: str) -> str:
    """The text with people's names hidden, by how names are written; not every name is known by that."""
    return _CALLED.sub(rf"\1{MASK}", _RUN.sub(_name, text))


_FIELDS = ("title", "sapo", "text")


def _name(found: re.Match[str]) -> str:
    """Within a run of capitalised words, all from a family name on is a person's name, unless it names a province."""
    run = found.group(0).split()
    for number, word in enumerate(run[:-1]):
        if word.lower() in FAMILY_NAMES and not " ".join(run[number:]).startswith(_PROVINCES):
            return " ".join([*run[:number], MASK])
    return found.group(0)


def row_of(one: Given) -> dict[str, Any]:
    said, reading = one.said, one.reading
    return {
        "id": one.key,
        "version": one.version_id,
        "source": reading.source,
        "published": reading.published.isoformat() if reading.published else None,
        "url": reading.url,
        "title": reading.title,
        "sapo": reading.sapo,
        "text": reading.text,
        "flag": said.flag,
        "kind": said.kind,
        "types": list(said.types),
        "province": said.province,
        "setting": said.setting,
        "age": said.age,
        "sex": said.sex,
        "story": said.story,
        "reader": one.who,
        "labelled_at": one.at.isoformat(),
        "given_as": one.source,
        "chance": one.chance,
        "model_said": dict(one.model),
    }


def as_jsonl(given: Sequence[Given]) -> str:
    return "".join(json.dumps(row_of(one), ensure_ascii=False) + "\n" for one in given)


def as_csv(given: Sequence[Given]) -> str:
    """A spreadsheet may run what opens like a formula: such texts get an apostrophe before them."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    table.writeheader()
    for one in given:
        row = row_of(one) | {"types": ";".join(one.said.types)}
        table.writerow({k: f"'{v}" if isinstance(v, str) and v.startswith(OPENERS) else v for k, v in row.items()})
    return "\ufeff" + out.getvalue()


def as_label_studio(given: Sequence[Given]) -> str:
    """Tasks with one annotation each; readings of one text are annotations of one task."""
    tasks: dict[str, dict[str, Any]] = {}
    for one in given:
        row = row_of(one)
        texts = ("id", "version", "source", "published", "title", "sapo", "text", "province", "story")
        task = tasks.setdefault(
            one.key,
            {"id": len(tasks) + 1, "data": {k: row[k] for k in texts}, "annotations": [], "predictions": []},
        )
        task["annotations"].append(
            {"completed_by": {"id": one.who}, "created_at": row["labelled_at"], "result": _results(one)}
        )
        if one.model and not task["predictions"]:
            task["predictions"].append(
                {"model_version": one.model.get("model"), "score": one.model.get("score"), "result": []}
            )
    return json.dumps(list(tasks.values()), ensure_ascii=False, indent=1) + "\n"


def _results(one: Given) -> list[dict[str, Any]]:
    said = {"flag": [str(one.said.flag)], "kind": [one.said.kind] if one.said.kind else [], "types": one.said.types}
    return [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(values)}}
        for name, values in said.items()
        if values
    ]


def as_doccano(given: Sequence[Given]) -> str:
    lines = []
    for number, one in enumerate(given, 1):
        row = row_of(one)
        marks = [f"flag:{one.said.flag}", *([f"kind:{one.said.kind}"] if one.said.kind else [])]
        marks += [f"type:{code}" for code in one.said.types]
        text = "\n".join(part for part in (one.reading.title, one.reading.sapo, one.reading.text) if part)
        meta = {k: row[k] for k in ("id", "version", "source", "published", "reader", "labelled_at", "title", "sapo")}
        lines.append({"id": number, "text": text, "label": marks, "meta": meta})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


WRITERS = {"jsonl": as_jsonl, "csv": as_csv, "labelstudio": as_label_studio, "doccano": as_doccano}
