"""Answers from the workbook of a package, filled in by the recipient: every row right, or nothing kept."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
from sqlalchemy.orm import Session

from models.clock import VIET_NAM
from models.errors import DiembaoError
from models.store import answers, leads
from models.store.answers import Answer, AnswerError, Giver
from pipeline.lead_files import ANSWER_HEADS, LEAD
from pipeline.lead_words import KIND, OUTCOME

UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 2000
TOP = 12
"""The heads stand within so many rows."""
FORMATS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


class AnswerFileError(DiembaoError):
    """A file that is no workbook of ours."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row of the sheet, in words for who filled it in."""

    row: int
    lead: str
    words: str


class RejectedError(DiembaoError):
    """Some rows are wrong, so none is kept."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} dòng sai, chưa ghi dòng nào")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Filled:
    """One row with its answer."""

    row: int
    lead: str
    answer: Answer


def import_answers(
    session: Session, content: bytes, allowed: Callable[[int], bool], giver: Giver, *, now: datetime
) -> int:
    """How many answers are new; the same file twice counts once, and rows without an answer are left out. Raises
    RejectedError with every row that is wrong, so that the transaction ends without any of them."""
    filled, problems = read_workbook(content, now=now)
    known = leads.ids_of_codes(session, [one.lead for one in filled])
    answers.hold(session, [lead_id for lead_id, _ in known.values()])
    taken = 0
    for one in filled:
        lead_id = known.get(one.lead, (0, 0))[0]
        if not lead_id or not allowed(lead_id):
            problems.append(Problem(one.row, one.lead, "không có nguồn tin này, hoặc không gửi cho đơn vị của bạn"))
            continue
        try:
            taken += answers.give(session, lead_id, one.answer, giver, key=_key(one), now=now)
        except AnswerError as error:
            problems.append(Problem(one.row, one.lead, str(error)))
    if problems:
        raise RejectedError(sorted(problems, key=lambda problem: problem.row))
    return taken


def _key(one: Filled) -> str:
    answer = one.answer
    said = (answer.kind, answer.happened_at.isoformat(), answer.outcome, answer.reason, answer.reference, answer.known)
    return "file:" + hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def read_workbook(content: bytes, *, now: datetime) -> tuple[list[Filled], list[Problem]]:
    """Raises AnswerFileError where the heads of our workbook are not there."""
    rows = _rows(content)
    head = next((number for number, row in enumerate(rows[:TOP]) if row and row[0] == LEAD), None)
    if head is None:
        raise AnswerFileError(f"Không thấy cột «{LEAD}»: hãy dùng đúng tệp .xlsx trong gói nguồn tin")
    columns = {str(name): at for at, name in enumerate(rows[head]) if name}
    if missing := [name for name in ANSWER_HEADS if name not in columns]:
        raise AnswerFileError(f"Tệp thiếu cột {', '.join(f'«{name}»' for name in missing)}")
    filled, problems = [], []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {name: row[at] if at < len(row) else None for name, at in columns.items()}
        lead = _text(cells[LEAD])
        if not lead or not any(_text(cells[name]) for name in ANSWER_HEADS):
            continue
        try:
            filled.append(Filled(number, lead, _answer(cells, now)))
        except AnswerError as error:
            problems.append(Problem(number, lead, str(error)))
    return filled, problems


def _rows(content: bytes) -> Sequence[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            unpacked = sum(entry.file_size for entry in file.infolist())
        rows = [] if unpacked > UNPACKED else _first_sheet(content)
    except Exception as error:  # a hostile file fails in many ways, and each means the same
        raise AnswerFileError("Tệp không phải bảng tính .xlsx đọc được") from error
    if unpacked > UNPACKED or len(rows) > MOST_ROWS + TOP:
        raise AnswerFileError(f"Tệp quá lớn (tối đa {MOST_ROWS} dòng)")
    return rows


def _first_sheet(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        return list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + TOP + 1))
    finally:
        book.close()


def _answer(cells: dict[str, Any], now: datetime) -> Answer:
    kind = _code(KIND, cells["Trả lời"])
    if kind is None:
        said = ", ".join(f"«{word}»" for word in KIND.values())
        raise AnswerError(f"cột «Trả lời» phải là một trong {said}")
    outcome = _text(cells["Kết quả"])
    code = _code(OUTCOME, outcome)
    if outcome and code is None:
        raise AnswerError("cột «Kết quả» phải là một trong " + ", ".join(f"«{word}»" for word in OUTCOME.values()))
    known = _text(cells["Đã biết trước?"]).lower()
    if known not in ("", "có", "không"):
        raise AnswerError("cột «Đã biết trước?» ghi «Có», «Không» hoặc để trống")
    return Answer(
        kind=kind,
        happened_at=_moment(cells["Lúc"], now),
        outcome=code,
        reason=_text(cells["Lý do, nội dung"]),
        reference=_text(cells["Số văn bản"]),
        known={"có": True, "không": False}.get(known),
    )


def _text(cell: Any) -> str:
    return "" if cell is None else " ".join(str(cell).split())[:2000]


def _code(table: dict[str, str], cell: Any) -> str | None:
    said = _text(cell).lower()
    return next((code for code, word in table.items() if said in (word.lower(), code)), None)


def _moment(cell: Any, now: datetime) -> datetime:
    """Vietnamese clock. An empty cell is now; a day alone is its end, but no later than now."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VIET_NAM)
    text = _text(cell)
    if not text:
        return now
    for form in FORMATS:
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=VIET_NAM)
        except ValueError:
            continue
        if form == "%d/%m/%Y":
            return min(moment.replace(hour=23, minute=59), now) if moment <= now else moment
        return moment
    raise AnswerError("cột «Lúc» không đọc được (dạng 21/11/2026 07:30)")
