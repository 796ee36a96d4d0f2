"""Indicators of the plans: computed from the answers, typed in where only people know, marked which is which."""

from datetime import date

from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import indicators as kept
from models.store import leads
from pipeline.indicators import BY_CODE, indicators
from review_ui.forms import Form, FormError
from review_ui.pages import Ask, go, page
from review_ui.territory import need_whole, seen_cases

EVERY = 1_000_000
ORIGIN = {"computed": "tính từ trả lời", "hand": "nhập tay", "missing": "chưa có"}


@page("/chi-tieu", needs=Right.EXPORT)
def show(ask: Ask) -> Response:
    first, last = _period(ask, ask.query)
    with ask.house.store.read() as session:
        only = None
        if ask.reader.confined:
            lines = leads.of_recipients(session, None, limit=EVERY)
            seen = seen_cases(session, {line.case_id for line in lines}, ask.reader)
            only = {line.id for line in lines if line.case_id in seen}
        found, worth = indicators(session, first, last, only=only)
    return ask.page("indicators.html", found=found, worth=worth, first=first, last=last, ORIGIN=ORIGIN)


def _period(ask: Ask, form: Form) -> tuple[date, date]:
    """This year so far, unless said otherwise."""
    today = day_of(ask.now)
    first, last = form.day("tu") or today.replace(month=1, day=1), form.day("den") or today
    if first > last:
        raise FormError("Ngày đầu phải trước hoặc bằng ngày cuối")
    return first, last


@page("/chi-tieu", method="POST", needs=Right.EXPORT)
def note(ask: Ask) -> Response:
    need_whole(ask.reader, "Nhập số liệu chỉ tiêu")
    code = ask.form.get("code")
    if code not in BY_CODE:
        raise FormError("Không có chỉ tiêu này")
    period = _period(ask, ask.form)
    counts = (ask.form.needed_number("part"), ask.form.needed_number("whole"))
    with ask.house.store.write() as session:
        source = ask.form.get("source", longest=300)
        kept.note(session, code, period, counts, source=source, user_id=ask.user.user_id, now=ask.now)
    return go(f"/chi-tieu?tu={period[0].isoformat()}&den={period[1].isoformat()}")
