"""Packages of leads: what each recipient will see, the sending, the encrypted file."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.clock import VIET_NAM, day_of
from models.rights import Right
from models.store import audit, cases, packages, recipients
from models.store.reading import NotThereError
from models.tables import Package
from pipeline.documents.letterhead import FILE, read_letterhead
from pipeline.documents.pdf import can_pdf
from pipeline.lead_files import columns_of
from pipeline.lead_rows import change_words
from pipeline.packages import Desk, Order, encrypt, make, new_password, preview, profile_of
from pipeline.recipients import COLUMNS, read_profiles
from review_ui.forms import FormError, to_number
from review_ui.pages import Ask, go, page
from review_ui.territory import may_see_case

GROUND = 300


@page("/nguon-tin/goi", needs=Right.EXPORT)
def show(ask: Ask) -> Response:
    """The preview: `noi` is the recipient, `vu` a case each, `ngay` all that were opened on that day."""
    recipient_id = ask.query.number("noi")
    if recipient_id is None:
        raise FormError("Hãy chọn nơi nhận")
    profiles = read_profiles(ask.house.settings.data_dir)
    with ask.house.store.read() as session:
        recipient = recipients.get(session, recipient_id)
        profile = profile_of(recipient, profiles)
        found = preview(session, recipient, profile, _wanted(ask, session))
    seen = [one for one in found if may_see_case(one.case, ask.reader)]
    return ask.page(
        "package_new.html",
        recipient=recipient,
        profile=profile,
        lines=seen,
        heads=columns_of(profile),
        COLUMNS=COLUMNS,
        change_words=change_words,
        key=secrets.token_hex(16),
        pdf=can_pdf(),
    )


def _wanted(ask: Ask, session: Session) -> list[int]:
    day = ask.query.day("ngay")
    if day is not None:
        start = datetime.combine(day, time(), VIET_NAM)
        return [case.id for case in cases.opened_between(session, start, start + timedelta(days=1))]
    return _numbers(ask.query.many("vu"))


def _numbers(values: Sequence[str]) -> list[int]:
    found = [to_number(value) for value in values]
    return [number for number in found if number is not None]


@page("/nguon-tin/goi", method="POST", needs=Right.EXPORT)
def send(ask: Ask) -> Response:
    """The same form sent twice is one package."""
    case_ids = _numbers(ask.form.many("vu"))
    settings = ask.house.settings
    with ask.house.store.read() as session:
        _all_seen(ask, session, case_ids)
    order = Order(
        ask.form.needed_number("noi"),
        tuple(case_ids),
        ask.form.get("ground", longest=GROUND),
        ask.form.get("key", longest=64),
        pdf=ask.form.get("pdf") == "1",
    )
    profiles = read_profiles(settings.data_dir)
    desk = Desk(read_letterhead(settings.data_dir / FILE), profiles, settings.archive_dir)
    package_id = make(ask.house.store, order, desk, user_id=ask.user.user_id, now=ask.now)
    return go(f"/nguon-tin/goi/{package_id}")


def _all_seen(ask: Ask, session: Session, case_ids: Sequence[int]) -> None:
    """Raises NotThereError for a case outside the person's territory."""
    found = cases.cases_by_id(session, set(case_ids))
    if len(found) != len(set(case_ids)) or not all(may_see_case(case, ask.reader) for case in found):
        raise NotThereError("Không có vụ việc này")


@page("/nguon-tin/goi/{id}", needs=Right.EXPORT)
def one(ask: Ask) -> Response:
    return _page(ask)


@page("/nguon-tin/goi/{id}/ma-hoa", method="POST", needs=Right.EXPORT)
def seal(ask: Ask) -> Response:
    """A new encrypted file under a new password, which this answer shows and nobody can read again."""
    with ask.house.store.read() as session:
        package = _seen(ask, session)
        content, number = package.content, package.number
    password = new_password()
    sealed = encrypt(content, f"{number}.zip", password)
    with ask.house.store.write() as session:
        packages.seal(session, ask.id(), sealed, now=ask.now)
        _record(ask, session, "package.seal", package)
    return _page(ask, password=password)


@page("/nguon-tin/goi/{id}/tep", needs=Right.EXPORT)
def download(ask: Ask) -> Response:
    with ask.house.store.write() as session:
        package = _seen(ask, session)
        if package.sealed is None:
            raise NotThereError("Gói này chưa được mã hoá để tải")
        _record(ask, session, "package.download", package)
        content, name = package.sealed, f"{package.number}-ma-hoa.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/zip", headers=headers)


def _seen(ask: Ask, session: Session) -> Package:
    package = packages.get(session, ask.id())[0]
    _all_seen(ask, session, packages.cases_of(package))
    return package


def _record(ask: Ask, session: Session, action: str, package: Package) -> None:
    audit.append(
        session,
        at=ask.now,
        action=action,
        user_id=ask.user.user_id,
        object=f"package/{package.id}",
        detail={"sha256": package.sealed_sha256, "number": package.number},
    )


def _page(ask: Ask, *, password: str = "") -> Response:
    with ask.house.store.read() as session:
        _seen(ask, session)
        package, recipient, by = packages.get(session, ask.id())
    return ask.page(
        "package.html", package=package, recipient=recipient, by=by, password=password, today=day_of(ask.now)
    )
