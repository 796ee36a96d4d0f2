"""Leads as a CSV file: what a desk may have without the article's text, headline or address."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from models import words
from models.clock import VIET_NAM
from models.errors import DiembaoError
from models.store import cases, exports
from models.store.cases import CaseView
from models.tables import Verdict
from pipeline.case_facts import facts_of_case, place_of_case
from pipeline.desks import DeskWords, desk_of, desk_words, directory_for
from pipeline.neutral import StoryFacts
from pipeline.place_words import Located, place_words

COLUMNS = (
    "Mã vụ việc",
    "Mở lúc",
    "Trạng thái",
    "Loại",
    "Môi trường",
    "Giai đoạn",
    "Tuổi",
    "Giới tính",
    "Số trẻ",
    "Quan hệ với trẻ",
    "Trẻ có thể đang gặp nguy hiểm",
    "Nơi xảy ra",
    "Nơi xảy ra (tên cũ)",
    "Đầu mối",
    "Liên hệ",
    "Cảnh báo",
    "Báo",
    "Số bài",
    "Sớm nhất",
    "Liên kết trong hệ thống",
)
OPENERS = frozenset("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫−")
"""What a spreadsheet may take for the start of a formula or a command, full-width and small forms included."""
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e")


class ExportError(DiembaoError):
    """A request for a file that lacks its ground or recipient, or whose days are the wrong way round."""


@dataclass(frozen=True, slots=True)
class LeadsRequest:
    """Cases opened from `first` to `last`, both days included."""

    first: date
    last: date
    ground: str
    recipient: str


def harmless(cell: str) -> str:
    """The text as a cell that no spreadsheet evaluates: an apostrophe goes before whatever could open a formula."""
    cell = "".join(" " if ord(c) < ord(" ") or c == "\x7f" else c for c in cell if c not in INVISIBLE)
    start = cell.lstrip()[:1]
    return f"'{cell}" if start and start in OPENERS else cell


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte-order mark, without which Excel reads Vietnamese as Latin letters."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def export_leads(
    session: Session,
    request: LeadsRequest,
    *,
    user_id: int,
    now: datetime,
    only: Callable[[CaseView], bool] = lambda _case: True,
) -> bytes:
    """The file, after it was put into the register of exports and the audit trail. `only` leaves cases out."""
    if request.first > request.last:
        message = "Ngày đầu phải trước hoặc bằng ngày cuối"
        raise ExportError(message)
    if not request.ground.strip() or not request.recipient.strip():
        message = "Hãy ghi căn cứ và nơi nhận trước khi tải nguồn tin"
        raise ExportError(message)
    start = datetime.combine(request.first, time(), VIET_NAM)
    end = datetime.combine(request.last + timedelta(days=1), time(), VIET_NAM)
    found = [case for case in cases.opened_between(session, start, end) if only(case)]
    directory = directory_for(session, [lead_place(case) for case in found])
    desks = [desk_words(desk_of(directory, lead_place(case))) for case in found]
    content = to_csv([COLUMNS, *(lead_row(case, desk) for case, desk in zip(found, desks, strict=True))])
    exports.record(
        session,
        kind="leads",
        content=content,
        rows=len(found),
        scope={"first": request.first.isoformat(), "last": request.last.isoformat()},
        ground=request.ground.strip(),
        recipient=request.recipient.strip(),
        user_id=user_id,
        now=now,
    )
    return content


def lead_place(case: CaseView) -> Located | None:
    """Where the case happened, by the article to read of its first story, else as entered by hand."""
    return case.stories[0].lead.place if case.stories else place_of_case(case)


def lead_row(case: CaseView, desk: DeskWords) -> list[str]:
    """One line of the file; a desk that cannot be reached is named with what is missing."""
    items = [item for story in case.stories for item in story.items]
    told: Verdict | StoryFacts | None = case.stories[0].lead.verdict if case.stories else facts_of_case(case)
    place = place_words(lead_place(case))
    first_seen = min((item.first_seen_at for item in items), default=None)
    return [
        case.code,
        _moment(case.opened_at),
        words.word(words.CASE_STATE, case.state),
        "; ".join(words.word(words.TYPES, code) for code in _types(case)),
        *_facts(told),
        place.new,
        place.old,
        desk.desks,
        desk.contacts,
        " ".join(desk.warnings),
        "; ".join(sorted({item.outlet for item in items})),
        str(len(items)),
        "" if first_seen is None else _moment(first_seen),
        f"/vu-viec/{case.id}",
    ]


def _types(case: CaseView) -> tuple[str, ...]:
    """Those that a person confirmed; the model's where the person named none."""
    if not case.stories:
        return facts_of_case(case).types
    found: list[str] = []
    for story in case.stories:
        decided = None if story.decision is None else story.decision.types
        verdict = story.lead.verdict
        found += decided or (() if verdict is None else words.named_types(verdict.types))
    return tuple(dict.fromkeys(found))


def _facts(verdict: Verdict | StoryFacts | None) -> list[str]:
    if verdict is None:
        return [""] * 7
    danger = {True: "Có", False: "Không", None: "Chưa rõ"}[verdict.danger_now]
    return [
        words.word(words.SETTING, verdict.setting),
        words.word(words.STAGE, verdict.stage),
        words.word(words.AGE, verdict.age),
        words.word(words.SEX, verdict.sex),
        "" if verdict.victims is None else str(verdict.victims),
        words.word(words.RELATION, verdict.relation),
        danger,
    ]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
