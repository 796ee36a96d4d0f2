"""The điểm báo of a day: draft, approval by a person, downloads, and its way to the recipients."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from models.clock import VIET_NAM, day_of
from models.rights import Right
from models.store import audit, sendings
from models.store import digest as kept
from models.store.digest import DigestLine
from models.store.reading import NotThereError
from models.tables import Digest
from pipeline.channels import ChannelError, check_channel, send_letter
from pipeline.digest import DigestContent, build_digest, digest_from_json, read_rules
from pipeline.digest_drafts import kept_form, make_draft
from pipeline.digest_sending import send_digests
from pipeline.documents import digest_words
from pipeline.documents.letterhead import FILE, read_letterhead
from review_ui.differences import Part, compare
from review_ui.forms import FormError
from review_ui.pages import Ask, House, go, page
from review_ui.territory import need_whole
from review_ui.views.digest_part import FORMS, sections_of, show_part

HISTORY = 30
CHANNEL = 1000
STATE = {"draft": "bản thảo", "approved": "đã duyệt", "superseded": "đã có bản mới hơn"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The revision that a page shows. `stale`: the store says something else by now; `changes`: since the approved."""

    line: DigestLine
    content: DigestContent
    approved: DigestLine | None
    stale: bool
    changes: list[list[Part]] | None


@page("/diem-bao", needs=Right.READ)
def show(ask: Ask) -> Response:
    """A person with a territory of their own reads its part."""
    day = ask.query.day("ngay") or day_of(ask.now)
    return show_part(ask, day) if ask.reader.confined else _page(ask, day)


@page("/diem-bao/lap", method="POST", needs=Right.APPROVE)
def draft(ask: Ask) -> Response:
    """A new draft from what the store says now; the newest revision itself where nothing changed."""
    _whole(ask)
    day = ask.form.day("ngay")
    if day is None:
        raise FormError("Ngày không đọc được")
    settings = ask.house.settings
    rules, head = read_rules(settings.data_dir, settings.territory), read_letterhead(settings.data_dir / FILE)
    make_draft(ask.house.store, day, rules, head, now=ask.now, user_id=ask.user.user_id)
    return go(f"/diem-bao?ngay={day.isoformat()}")


@page("/diem-bao/{id}/duyet", method="POST", needs=Right.APPROVE)
def approve(ask: Ask) -> Response:
    """Only the very document that the person's page showed."""
    _whole(ask)
    with ask.house.store.write() as session:
        made = kept.approve(session, ask.id(), seen=ask.form.get("seen"), user_id=ask.user.user_id, now=ask.now)
        day = made.day
    return go(f"/diem-bao?ngay={day.isoformat()}")


@page("/diem-bao/{id}/gui", method="POST", needs=Right.APPROVE)
def send_out(ask: Ask) -> Response:
    """Queue for everybody on the list, for now or for a time of today or tomorrow; what is due goes at once."""
    _whole(ask)
    due = _due(ask.form.get("luc"), ask.now)
    with ask.house.store.write() as session:
        digest = kept.get(session, ask.id())
        sendings.queue(session, digest.id, user_id=ask.user.user_id, now=ask.now, due=due)
        address = f"/diem-bao?ngay={digest.day.isoformat()}#gui"
    response = go(address)
    if due <= ask.now:
        response.background = BackgroundTask(_send_now, ask.house)
    return response


def _send_now(house: House) -> None:
    send_digests(house.store, send_letter, now=house.now)


@page("/diem-bao/{id}/tep", needs=Right.READ)
def download(ask: Ask) -> Response:
    _whole(ask)
    form = ask.query.get("dang")
    if form not in FORMS:
        raise NotThereError("Không có dạng tệp này")
    with ask.house.store.write() as session:
        digest = _kept(session, ask.id())
        content = kept_form(digest, form)
        audit.append(
            session,
            at=ask.now,
            action="digest.download",
            user_id=ask.user.user_id,
            object=f"digest/{digest.id}",
            detail={"form": form, "sha256": digest.sha256},
        )
        name = f"diem-bao-{digest.day:%Y%m%d}-{digest.revision}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


@page("/diem-bao/nguoi-nhan", method="POST", needs=Right.APPROVE)
def add_recipient(ask: Ask) -> Response:
    _whole(ask)
    name, channel = ask.form.get("ten", longest=100), ask.form.get("kenh", longest=CHANNEL)
    day = ask.form.day("ngay") or day_of(ask.now)
    if not name:
        return _page(ask, day, message="Hãy ghi tên người nhận.", status=400)
    try:
        check_channel(channel)
    except ChannelError as error:
        return _page(ask, day, message=f"Chưa thêm người nhận: {error}.", status=400)
    with ask.house.store.write() as session:
        sendings.add_recipient(session, name, channel, user_id=ask.user.user_id, now=ask.now)
    return go(f"/diem-bao?ngay={day.isoformat()}#gui")


@page("/diem-bao/nguoi-nhan/{id}/go", method="POST", needs=Right.APPROVE)
def remove_recipient(ask: Ask) -> Response:
    _whole(ask)
    with ask.house.store.write() as session:
        sendings.remove_recipient(session, ask.id(), user_id=ask.user.user_id, now=ask.now)
    return go("/diem-bao#gui")


def _whole(ask: Ask) -> None:
    """The common digest tells of every place: a person with a territory of their own reads its part alone, and neither
    approves nor sends it."""
    need_whole(ask.reader, "Điểm báo chung")


def _kept(session: Session, digest_id: int) -> Digest:
    try:
        return kept.get(session, digest_id)
    except kept.DigestError as error:
        raise NotThereError(str(error)) from error


def _due(text: str, now: datetime) -> datetime:
    """Now, or the next time that the clock in Viet Nam shows HH:MM."""
    if not text:
        return now
    try:
        clock = time.fromisoformat(text)
    except ValueError as error:
        raise FormError("Giờ gửi không đúng dạng 07:30") from error
    local = now.astimezone(VIET_NAM)
    due = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return due if due > local else due + timedelta(days=1)


def _page(ask: Ask, day: date, *, message: str = "", status: int = 200) -> Response:
    _whole(ask)
    with ask.house.store.read() as session:
        lines = list(kept.history(session, day=day))
        days = [line for line in kept.history(session, limit=HISTORY) if line.state == "approved"]
        newest, approved = kept.newest(session, day), kept.approved(session, day)
        sent = sendings.of_digests(session, [line.id for line in lines])
        recipients = sendings.recipients(session)
    shown = None if newest is None else _shown(ask, lines, newest, approved)
    return ask.page(
        "digest.html",
        status=status,
        message=message,
        day=day,
        today=day_of(ask.now),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        shown=shown,
        lines=lines,
        days=days,
        sent=sent,
        recipients=[(row.id, row.name, row.channel.partition(":")[0]) for row in recipients],
        sections=[] if shown is None else sections_of(shown.content),
        said=digest_words,
        STATE=STATE,
    )


def _shown(ask: Ask, lines: list[DigestLine], newest: Digest, approved: Digest | None) -> Shown:
    content = digest_from_json(newest.content["digest"])
    settings = ask.house.settings
    now = build_digest(ask.house.store, newest.day, read_rules(settings.data_dir, settings.territory))
    changes = None
    if approved is not None and approved.id != newest.id:
        changes = _changed(kept_form(approved, "txt").decode(), kept_form(newest, "txt").decode())
    return Shown(
        _line(lines, newest.id),
        content,
        None if approved is None else _line(lines, approved.id),
        content != now,
        changes,
    )


def _line(lines: list[DigestLine], digest_id: int) -> DigestLine:
    return next(line for line in lines if line.id == digest_id)


def _changed(old: str, new: str) -> list[list[Part]]:
    """Only the lines that differ."""
    return [line for line in compare(old, new) if any(part.kind != "same" for part in line)]
