"""What the team decides for all: the urgency table, the reasons to reject, how long pages are kept, the territory."""

import hashlib
from dataclasses import replace
from pathlib import Path

from starlette.responses import Response

from models import words
from models.rights import Right
from models.store import audit, reasons, rules
from models.store.reasons import Reason, ReasonError
from pipeline.retention import KEEP_DAYS
from pipeline.setup import territory_words
from pipeline.urgency import Line, UrgencyError, load_table
from pipeline.urgency_table import changed, condition_words, conditions, new_line, write_table
from review_ui.forms import Form, FormError
from review_ui.pages import Ask, go, page
from review_ui.territory import need_whole

SHORTEST, LONGEST = 30, 3650
PAGE = "/quan-tri/quy-tac"


@page(PAGE, needs=Right.RULES)
def show(ask: Ask) -> Response:
    need_whole(ask.reader, "Quy tắc chung")
    return _page(ask)


@page(f"{PAGE}/muc-gap", needs=Right.RULES, method="POST")
def urgency(ask: Ask) -> Response:
    """The whole table at once; nothing is kept where a line is wrong or somebody else was quicker."""
    need_whole(ask.reader, "Quy tắc chung")
    path = _path(ask)
    if ask.form.get("seen") != _stamp(path):
        return _page(ask, message="Bảng vừa được người khác sửa. Thay đổi của bạn chưa ghi: hãy xem lại.", status=409)
    before = load_table(path)
    try:
        after = [
            changed(
                line,
                points=_points(ask.form, f"diem-{line.code}"),
                grave=ask.form.get(f"nang-{line.code}") == "1",
                said=ask.form.get(f"loi-{line.code}"),
            )
            for line in before
            if ask.form.get(f"dung-{line.code}") == "1"
        ]
        if ask.form.get("loi-moi"):
            said, points = ask.form.get("loi-moi"), _points(ask.form, "diem-moi")
            grave = ask.form.get("nang-moi") == "1"
            taken = [line.code for line in before]
            after.append(new_line(ask.form.get("dieu-kien"), said, points=points, grave=grave, taken=taken))
        write_table(path, after)
    except UrgencyError as error:
        return _page(ask, message=f"{error}.", status=400)
    with ask.house.store.write() as session:
        audit.append(
            session,
            at=ask.now,
            action="rule.urgency",
            user_id=ask.user.user_id,
            object="rule/urgency",
            detail={"lines": len(after), "changed": _difference(before, after), "sha256": _stamp(path)},
        )
        rules.keep_urgency(session, path.read_text("utf-8"), user_id=ask.user.user_id, now=ask.now)
    return go(f"{PAGE}?xong=muc-gap")


@page(f"{PAGE}/ly-do", needs=Right.RULES, method="POST")
def change_reasons(ask: Ask) -> Response:
    """The whole list at once, sorted by the numbers typed in; decisions keep the words that they were made with."""
    need_whole(ask.reader, "Quy tắc chung")
    form = ask.form
    try:
        with ask.house.store.write() as session:
            known = reasons.every(session)
            wanted = [(form.number(f"thu-tu-{one.code}"), _as_asked(form, one)) for one in known]
            if form.get("loi-ly-do-moi"):
                new = Reason(reasons.new_code(known), form.get("loi-ly-do-moi"), form.get("y-nghia-moi"))
                wanted.append((form.number("thu-tu-moi"), new))
            wanted.sort(key=lambda pair: len(wanted) if pair[0] is None else pair[0])
            reasons.keep(session, [reason for _, reason in wanted], user_id=ask.user.user_id, now=ask.now)
    except ReasonError as error:
        return _page(ask, message=f"Chưa lưu lý do bỏ qua. {error}.", status=400)
    ask.house.forget_rules()
    return go(f"{PAGE}?xong=ly-do#ly-do-bo-qua")


def _as_asked(form: Form, known: Reason) -> Reason:
    active = form.get(f"dung-{known.code}") == "1" or known.code == reasons.OTHER
    return replace(known, words=form.get(f"loi-{known.code}"), active=active)


@page(f"{PAGE}/luu-giu", needs=Right.RULES, method="POST")
def retention(ask: Ask) -> Response:
    need_whole(ask.reader, "Quy tắc chung")
    days = ask.form.number("ngay")
    if days is None or not SHORTEST <= days <= LONGEST:
        raise FormError(f"Số ngày lưu giữ là số từ {SHORTEST} đến {LONGEST}")
    with ask.house.store.write() as session:
        rules.set_keep_days(session, days, user_id=ask.user.user_id, now=ask.now)
    return go(f"{PAGE}?xong=luu-giu")


def _page(ask: Ask, *, message: str = "", status: int = 200) -> Response:
    path = _path(ask)
    table: tuple[Line, ...] = ()
    try:
        table = load_table(path)
    except UrgencyError as error:
        message = message or f"Bảng mức gấp trong thư mục dữ liệu không đọc được: {error}."
    with ask.house.store.read() as session:
        listed = reasons.every(session)
        days = rules.keep_days(session, KEEP_DAYS)
    return ask.page(
        "rules.html",
        status=status,
        message=message,
        table=[(line, condition_words(line)) for line in table],
        seen=_stamp(path),
        conditions=conditions(),
        every_reason=listed,
        meanings=words.REASON,
        days=days,
        territory=territory_words(ask.house.settings.territory),
        done=ask.query.get("xong"),
    )


def _path(ask: Ask) -> Path:
    return ask.house.settings.data_dir / "urgency.toml"


def _stamp(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""


def _points(form: Form, name: str) -> int | None:
    text = form.get(name)
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= len("-999") else None


def _difference(before: tuple[Line, ...], after: list[Line]) -> str:
    """Codes of lines that changed, came or went."""
    old, new = {line.code: line for line in before}, {line.code: line for line in after}
    return " ".join(code for code in (old | new) if old.get(code) != new.get(code))
