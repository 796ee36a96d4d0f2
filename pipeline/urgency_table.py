"""The team's urgency table as it is edited: lines with new points, graveness and words, written back as a file."""

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from models import words
from models.session import Store
from models.store import rules
from pipeline.urgency import CODES, Line, UrgencyError, load_table

NAMES = {
    "kind": "loại tin",
    "types": "loại xâm hại",
    "stage": "giai đoạn",
    "age": "tuổi",
    "relation": "quan hệ",
    "setting": "môi trường",
    "territory": "địa bàn",
}
TABLES = {
    "kind": words.KIND,
    "types": words.TYPES,
    "stage": words.STAGE,
    "age": words.AGE,
    "relation": words.RELATION,
    "setting": words.SETTING,
    "territory": {"yes": "trên địa bàn", "possible": "có thể trên địa bàn", "no": "ngoài địa bàn"},
}
MOST = 200
FILE = "urgency.toml"
HEAD = "# Bảng xếp mức gấp của đơn vị, sửa ở trang «Quy tắc» hoặc bằng tay; dòng sai được nêu tên.\n"


def condition_words(line: Line) -> str:
    """What a line asks for, for staff."""
    return "; ".join(_one(key, value) for key, value in line.conditions.items()) or "mọi tin"


def _one(key: str, value: Any) -> str:
    if key in NAMES:
        return f"{NAMES[key]}: {' hoặc '.join(TABLES[key].get(code, code).lower() for code in value)}"
    return {
        "danger_now": "trẻ có thể đang gặp nguy hiểm",
        "victims_min": f"từ {value} trẻ",
        "outlets_min": f"từ {value} báo đưa tin",
        "newer_than_h": f"mới thấy trong {value} giờ",
    }[key]


def conditions() -> list[tuple[str, str]]:
    """(code, words) of the single conditions that a new line may have."""
    return [
        (f"{key}={code}", f"{NAMES[key]}: {TABLES[key][code].lower()}")
        for key in NAMES
        for code in CODES[key]
        if code in TABLES[key]
    ]


def changed(line: Line, *, points: int | None, grave: bool, said: str) -> Line:
    """The line as a person changed it. Raises UrgencyError naming it."""
    if points is None or abs(points) > MOST:
        raise UrgencyError(f"Dòng «{line.words}»: điểm phải là số nguyên từ -{MOST} đến {MOST}")
    if not said.strip():
        raise UrgencyError(f"Dòng {line.code}: hãy ghi lời giải thích")
    return replace(line, points=points, grave=grave, words=" ".join(said.split()))


def new_line(condition: str, said: str, *, points: int | None, grave: bool, taken: Iterable[str]) -> Line:
    if condition not in dict(conditions()):
        raise UrgencyError("Dòng mới: hãy chọn điều kiện")
    key, _, code = condition.partition("=")
    known, number = set(taken), 1
    while f"rieng_{number}" in known:
        number += 1
    return changed(Line(f"rieng_{number}", "", 0, False, {key: (code,)}), points=points, grave=grave, said=said)


def write_table(path: Path, lines: Iterable[Line]) -> None:
    """Replace the file in one step, after reading the new one as it will be read. Raises UrgencyError."""
    _replace(path, HEAD + "".join(_text(line) for line in lines))


def _replace(path: Path, text: str, *, at: float | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".urgency-", suffix=".toml")
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        load_table(made)
        if at is not None:
            os.utime(made, (at, at))
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def bring(store: Store, folder: Path) -> bool:
    """The table that was saved in the pages of whichever machine, into this machine's data folder; True where it was
    replaced. A file that was edited here later stays. Raises UrgencyError where the program cannot read the table."""
    with store.read() as session:
        found = rules.urgency(session)
    path = folder / FILE
    if found is None or (path.exists() and int(path.stat().st_mtime) >= int(found[1].timestamp())):
        return False
    _replace(path, found[0], at=found[1].timestamp())
    return True


def _text(line: Line) -> str:
    rows = {"code": line.code, "words": line.words, "points": line.points}
    if line.grave:
        rows["grave"] = True
    rows |= {key: list(value) if isinstance(value, tuple) else value for key, value in line.conditions.items()}
    return "\n[[line]]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rows.items())
