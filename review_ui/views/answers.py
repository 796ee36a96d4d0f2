"""Leads that came to a desk: what it was told, and what it answers, on the page or in the workbook."""

import secrets
from collections.abc import Collection

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store import answers, audit, cases, leads, packages, recipients
from models.store.answers import OUTCOMES, Answer, Giver
from models.store.leads import LeadLine
from models.store.reading import NotThereError
from pipeline.answer_file import Problem, RejectedError, import_answers
from pipeline.lead_files import parts_of
from pipeline.lead_words import KIND, KNOWN, OUTCOME, SOURCE, STATE
from pipeline.recipients import COLUMNS
from review_ui.forms import FormError
from review_ui.moments import field_value, read_moment
from review_ui.pages import Ask, go, page
from review_ui.territory import may_see_case
from review_ui.views.decide import NOTE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def own_recipients(ask: Ask, session: Session) -> Collection[int] | None:
    """None for staff, who may note what any recipient says; else those for which the person answers."""
    if ask.may(Right.EXPORT):
        return None
    return [recipient.id for recipient in recipients.of_user(session, ask.user.user_id)]


def seen(ask: Ask, session: Session, lead_id: int) -> LeadLine:
    """Raises NotThereError for a lead of another's."""
    line = leads.one(session, lead_id)
    own = own_recipients(ask, session)
    if own is None:
        [case] = cases.cases_by_id(session, [line.case_id])
        allowed = may_see_case(case, ask.reader)
    else:
        allowed = line.recipient_id in own
    if not allowed:
        raise NotThereError("Không có nguồn tin này")
    return line


@page("/nguon-tin-den", needs=Right.ANSWER)
def show(ask: Ask) -> Response:
    return _list(ask, ())


def _list(ask: Ask, problems: Collection[Problem], *, taken: int | None = None, status: int = 200) -> Response:
    with ask.house.store.read() as session:
        own = own_recipients(ask, session)
        lines = leads.of_recipients(session, own)
        if own is None:
            views = {case.id: case for case in cases.cases_by_id(session, {line.case_id for line in lines})}
            lines = [line for line in lines if may_see_case(views[line.case_id], ask.reader)]
    return ask.page(
        "answers.html", status=status, lines=lines, problems=problems, taken=taken, STATE=STATE, KNOWN=KNOWN
    )


@page("/nguon-tin-den/nhap", method="POST", needs=Right.ANSWER, upload=True)
def load_file(ask: Ask) -> Response:
    """All rows of the workbook are right, or none is kept; what is wrong is told row by row."""
    content = ask.form.file("file")
    try:
        with ask.house.store.write() as session:
            giver = Giver("file", user_id=ask.user.user_id)
            taken = import_answers(
                session, content, lambda lead_id: _is_seen(ask, session, lead_id), giver, now=ask.now
            )
    except RejectedError as error:
        return _list(ask, error.problems, status=400)
    return _list(ask, (), taken=taken)


def _is_seen(ask: Ask, session: Session, lead_id: int) -> bool:
    try:
        seen(ask, session, lead_id)
    except NotThereError:
        return False
    return True


@page("/nguon-tin-den/{id}", needs=Right.ANSWER)
def one(ask: Ask) -> Response:
    """Reading a lead is on record: who, when, which."""
    with ask.house.store.write() as session:
        line = seen(ask, session, ask.id())
        said = answers.of_leads(session, [line.id])[line.id]
        audit.append(session, at=ask.now, action="lead.read", user_id=ask.user.user_id, object=f"lead/{line.id}")
    return ask.page(
        "answer.html",
        line=line,
        said=said,
        COLUMNS=COLUMNS,
        STATE=STATE,
        KIND=KIND,
        OUTCOME=OUTCOME,
        OUTCOMES=OUTCOMES,
        SOURCE=SOURCE,
        KNOWN=KNOWN,
        allowed=[kind for kind, before in answers.KINDS.items() if line.state in before],
        key=secrets.token_hex(8),
        field_value=field_value,
    )


@page("/nguon-tin-den/{id}/tra-loi", method="POST", needs=Right.ANSWER)
def answer(ask: Ask) -> Response:
    key = ask.form.get("key", longest=64)
    if not key:
        raise FormError("Biểu mẫu đã cũ: hãy tải lại trang")
    said = Answer(
        kind=ask.form.get("kind"),
        happened_at=read_moment(ask.form, "at", otherwise=ask.now),
        outcome=ask.form.get("outcome") or None,
        reason=ask.form.get("reason", longest=NOTE),
        reference=ask.form.get("reference", longest=100),
        known={"co": True, "khong": False}.get(ask.form.get("known")),
    )
    with ask.house.store.write() as session:
        line = seen(ask, session, ask.id())
        giver = Giver("page", user_id=ask.user.user_id)
        answers.give(session, line.id, said, giver, key=f"page:{key}", now=ask.now)
    return go(f"/nguon-tin-den/{ask.id()}")


@page("/nguon-tin-den/{id}/tep", needs=Right.ANSWER)
def workbook(ask: Ask) -> Response:
    """The workbook of the package in which the lead came last, to be filled in and put back; only where every lead of
    the package is this person's."""
    with ask.house.store.write() as session:
        line = seen(ask, session, ask.id())
        package = packages.get(session, line.package_id)[0]
        for lead_id, _ in leads.ids_of_codes(session, [row["lead"] for row in package.rows]).values():
            seen(ask, session, lead_id)
        name = f"{package.number}.xlsx"
        content = parts_of(package.content)[name]
        audit.append(
            session,
            at=ask.now,
            action="lead.workbook",
            user_id=ask.user.user_id,
            object=f"package/{package.id}",
            detail={"sha256": package.sha256},
        )
    return Response(content, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})
