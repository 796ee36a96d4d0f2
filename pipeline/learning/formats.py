"""Label files that others write: JSON lines, CSV, exports of Label Studio and of doccano, each row to one label."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.errors import DiembaoError
from models.records import KINDS, TYPES
from models.store.labels import LabelError, Said, check

LARGEST = 64 * 1024 * 1024
LONGEST = 200_000
TEXTS = ("title", "sapo", "text", "url", "source", "published")


class FormatError(DiembaoError):
    """A file that is not what it is said to be, as a whole."""


class RowError(DiembaoError):
    """One row that cannot be used; the message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One label as a file has it. `who` and `at` are None where the file does not say."""

    id: str
    item: Mapping[str, str]
    said: Said
    who: str | None = None
    at: datetime | None = None
    version: int | None = None
    model: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was left out, by its number in the file, and why."""

    number: int
    why: str


def parse(content: bytes, kind: str) -> Iterator[Row | Bad]:
    """Rows of a file of that kind, in order. Raises FormatError where the file as a whole cannot be read."""
    if kind not in READERS:
        raise FormatError(f"Không có định dạng «{kind}» (có: {', '.join(READERS)})")
    if len(content) > LARGEST:
        raise FormatError(f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"Tệp không phải UTF-8 (byte {error.start})") from error
    yield from READERS[kind](text)


def _guarded(number: int, make: Callable[[], Row]) -> Row | Bad:
    try:
        return make()
    except (RowError, LabelError) as error:
        return Bad(number, str(error))


def _json_lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, RowError(f"không phải JSON: {error}")


def _object(row: Any) -> dict[str, Any]:
    if isinstance(row, RowError):
        raise row
    if not isinstance(row, dict):
        raise RowError("không phải một đối tượng")
    return row


def read_jsonl(text: str) -> Iterator[Row | Bad]:
    for number, row in _json_lines(text):
        yield _guarded(number, lambda row=row: _plain(_object(row)))  # type: ignore[misc]


def read_csv(text: str) -> Iterator[Row | Bad]:
    """Columns as the keys of our JSON lines; types split by a semicolon."""
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not {"id", "flag"} <= set(table.fieldnames or ()):
            raise FormatError("Tệp CSV cần ít nhất các cột «id» và «flag»")
        for row in table:
            full = {key: value or None for key, value in row.items() if isinstance(key, str)}
            yield _guarded(table.line_num, lambda full=full: _plain(full))  # type: ignore[misc]
    except csv.Error as error:
        raise FormatError(f"Tệp CSV hỏng ở dòng {table.line_num}: {error}") from error


def _plain(row: Mapping[str, Any]) -> Row:
    types = row.get("types")
    if isinstance(types, str):
        types = [code.strip() for code in types.split(";") if code.strip()]
    model = row.get("model_said")
    return _row(
        row,
        flag=row.get("flag"),
        kind=row.get("kind"),
        types=types or [],
        who=row.get("reader"),
        at=row.get("labelled_at"),
        model=model if isinstance(model, dict) else {},
    )


def read_label_studio(text: str) -> Iterator[Row | Bad]:
    """A JSON export of whole tasks: one row for each annotation that was not cancelled, by its choices."""
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"Không phải tệp JSON của Label Studio: {error}") from error
    if not isinstance(tasks, list):
        raise FormatError("Không phải tệp JSON của Label Studio: cần một danh sách")
    for number, task in enumerate(tasks, 1):
        annotations = task.get("annotations", task.get("completions", [])) if isinstance(task, dict) else None
        if not isinstance(annotations, list) or not isinstance(task.get("data"), dict):
            yield Bad(number, "thiếu «data» hoặc «annotations»")
            continue
        for annotation in annotations:
            if not (isinstance(annotation, dict) and annotation.get("was_cancelled")):
                yield _guarded(number, lambda task=task, one=annotation: _annotation(task, one))  # type: ignore[misc]


def _annotation(task: Mapping[str, Any], annotation: Any) -> Row:
    one = _object(annotation)
    said: dict[str, list[str]] = {}
    for result in one.get("result") or []:
        choices = (result.get("value") or {}).get("choices") if isinstance(result, dict) else None
        if isinstance(choices, list):
            said.setdefault(str(result.get("from_name")), []).extend(str(choice) for choice in choices)
    who = one.get("completed_by")
    who = who.get("email") or who.get("id") if isinstance(who, dict) else who
    data = {**task["data"], "id": task["data"].get("id", f"ls-{task.get('id')}")}
    return _row(
        data,
        flag=_first(said, "flag"),
        kind=_first(said, "kind"),
        types=said.get("types", []),
        who=None if who is None else str(who),
        at=one.get("created_at"),
        model=_predicted(task),
    )


def _predicted(task: Mapping[str, Any]) -> dict[str, Any]:
    found = task.get("predictions")
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        return {}
    return {"model": found[0].get("model_version"), "score": found[0].get("score")}


def _first(said: Mapping[str, list[str]], name: str) -> str | None:
    values = said.get(name, [])
    if len(values) > 1:
        raise RowError(f"«{name}» có {len(values)} giá trị")
    return values[0] if values else None


def read_doccano(text: str) -> Iterator[Row | Bad]:
    """JSON lines of text classification: labels as `flag:1`, `kind:vu_viec`, `type:bao_luc`, or bare codes."""
    for number, row in _json_lines(text):
        yield _guarded(number, lambda row=row: _doccano(_object(row)))  # type: ignore[misc]


def _doccano(row: Mapping[str, Any]) -> Row:
    labels = row.get("label", row.get("labels", row.get("categories")))
    if not isinstance(labels, list):
        raise RowError("thiếu danh sách «label»")
    said: dict[str, list[str]] = {}
    for label in map(str, labels):
        name, _, value = label.partition(":")
        if not value:
            name, value = "kind" if label in KINDS else "types" if label in TYPES else "flag", label
        said.setdefault("types" if name == "type" else name, []).append(value)
    meta = row.get("meta") if isinstance(row.get("meta"), dict) else {}
    item = {**row, **(meta or {})}
    if not item.get("title"):
        title, _, rest = str(row.get("text") or "").partition("\n")
        item = {**item, "title": title, "text": rest}
    elif str(item.get("text") or "").startswith(str(item["title"])):
        item = {**item, "text": str(item["text"])[len(str(item["title"])) :].strip()}
    item["id"] = (meta or {}).get("id") or row.get("article") or f"dc-{row.get('id')}"
    return _row(
        item,
        flag=_first(said, "flag"),
        kind=_first(said, "kind"),
        types=said.get("types", []),
        who=item.get("username") or item.get("reader"),
        at=item.get("labelled_at"),
        model={},
    )


def _row(
    row: Mapping[str, Any], *, flag: Any, kind: Any, types: Any, who: Any, at: Any, model: Mapping[str, Any]
) -> Row:
    name = row.get("id")
    if name is None or str(name).strip() in ("", "ls-None", "dc-None"):
        raise RowError("thiếu «id»")
    item = {key: str(row[key]) for key in TEXTS if row.get(key) is not None}
    for key, value in item.items():
        if len(value) > LONGEST:
            raise RowError(f"«{key}» dài quá {LONGEST} ký tự")
    if not item.get("title", "").strip() and not item.get("text", "").strip():
        raise RowError("không có tiêu đề và nội dung")
    if item.get("published"):
        _time(item["published"], "published")
    if str(flag) not in ("0", "1", "2"):
        raise RowError(f"«flag» phải là 0, 1 hoặc 2, không phải {flag!r}")
    if not isinstance(types, list):
        raise RowError("«types» phải là danh sách")
    said = check(
        Said(
            int(flag),
            _code(kind),
            tuple(map(str, types)),
            _code(row.get("province")),
            _code(row.get("setting")),
            _code(row.get("age")),
            _code(row.get("sex")),
            _code(row.get("story")),
        )
    )
    version = str(row.get("version") or "")
    return Row(
        str(name).strip(),
        item,
        said,
        None if who in (None, "") else str(who),
        _time(str(at), "labelled_at") if at else None,
        int(version) if version.isdecimal() and len(version) < 10 else None,
        model,
    )


def _code(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _time(value: str, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise RowError(f"«{name}» không phải thời điểm ISO 8601: {value[:40]!r}") from error
    if found.tzinfo is None:
        raise RowError(f"«{name}» thiếu múi giờ: {value[:40]!r}")
    return found


READERS: Mapping[str, Callable[[str], Iterator[Row | Bad]]] = {
    "jsonl": read_jsonl,
    "csv": read_csv,
    "labelstudio": read_label_studio,
    "doccano": read_doccano,
}
