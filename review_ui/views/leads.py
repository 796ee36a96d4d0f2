"""Leads as a file, and the register of the files that went out."""

from datetime import timedelta

from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import exports, packages, recipients
from pipeline.export import ExportError, LeadsRequest, export_leads
from review_ui.pages import Ask, page
from review_ui.territory import may_see_case, seen_cases

USUAL = timedelta(days=30)


@page("/nguon-tin", needs=Right.EXPORT)
def show(ask: Ask) -> Response:
    return _form(ask, "")


@page("/nguon-tin/tai", method="POST", needs=Right.EXPORT)
def download(ask: Ask) -> Response:
    first, last = ask.form.day("first"), ask.form.day("last")
    if first is None or last is None:
        return _form(ask, "Ngày không đọc được.", status=400)
    wanted = LeadsRequest(first, last, ask.form.get("ground"), ask.form.get("recipient"))
    try:
        with ask.house.store.write() as session:
            content = export_leads(
                session,
                wanted,
                user_id=ask.user.user_id,
                now=ask.now,
                only=lambda case: may_see_case(case, ask.reader),
            )
    except ExportError as error:
        return _form(ask, f"{error}.", status=400)
    name = f"nguon-tin-{day_of(ask.now):%Y%m%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _form(ask: Ask, message: str, *, status: int = 200) -> Response:
    today = day_of(ask.now)
    with ask.house.store.read() as session:
        register, made, known = exports.latest(session), packages.latest(session), recipients.active(session)
        if ask.reader.confined:
            register = [line for line in register if line[0].user_id == ask.user.user_id]
            seen = seen_cases(session, {case_id for line in made for case_id in packages.cases_of(line[0])}, ask.reader)
            made = [line for line in made if seen.issuperset(packages.cases_of(line[0]))]
    return ask.page(
        "leads.html",
        status=status,
        message=message,
        first=ask.form.day("first") or today - USUAL,
        last=ask.form.day("last") or today,
        ground=ask.form.get("ground"),
        recipient=ask.form.get("recipient"),
        register=register,
        packages=made,
        recipients=known,
    )
