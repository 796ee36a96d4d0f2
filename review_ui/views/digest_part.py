"""The part of a day's điểm báo that tells of one territory, for whoever works for that alone. Nobody approves it: it
says what has been decided there until now, and names the common one that was approved."""

from dataclasses import replace
from datetime import date, timedelta

from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import audit
from models.store import digest as kept
from models.store.reading import NotThereError
from pipeline.digest import TITLES, DigestContent, Entry, build_digest, read_rules
from pipeline.documents import digest_words
from pipeline.documents.digest import render
from pipeline.documents.letterhead import FILE, read_letterhead
from review_ui.pages import Ask, page
from review_ui.territory import own_places

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def sections_of(content: DigestContent) -> list[tuple[tuple[str, str], tuple[Entry, ...]]]:
    return list(zip(zip(digest_words.ROMAN, TITLES, strict=True), content.sections, strict=True))


def show_part(ask: Ask, day: date) -> Response:
    with ask.house.store.read() as session:
        common = next((line for line in kept.history(session, day=day) if line.state == "approved"), None)
    content = _content(ask, day)
    return ask.page(
        "digest_part.html",
        day=day,
        today=day_of(ask.now),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        places=own_places(ask.reader),
        common=common,
        content=content,
        sections=sections_of(content),
        forms={"docx": "Word", "html": "HTML", "txt": "văn bản thường"},
        said=digest_words,
    )


@page("/diem-bao/phan/tep", needs=Right.READ)
def download(ask: Ask) -> Response:
    """As of now, for there is no kept revision of a part; on record."""
    form, day = ask.query.get("dang"), ask.query.day("ngay") or day_of(ask.now)
    if form not in FORMS or not ask.reader.confined:
        raise NotThereError("Không có tệp này")
    content = render(_content(ask, day), read_letterhead(ask.house.settings.data_dir / FILE), form)
    with ask.house.store.write() as session:
        audit.append(
            session,
            at=ask.now,
            action="digest.download",
            user_id=ask.user.user_id,
            object=f"digest/{day.isoformat()}",
            detail={"form": form, "part": " ".join(ask.reader.territory)},
        )
    headers = {"content-disposition": f'attachment; filename="diem-bao-{day:%Y%m%d}-dia-ban.{form}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


def _content(ask: Ask, day: date) -> DigestContent:
    """The overview says of which territory it is, in every form."""
    settings = ask.house.settings
    rules = read_rules(settings.data_dir, ask.reader.territory)
    made = build_digest(ask.house.store, day, rules, sees=ask.reader.may_see)
    note = f"Phần của địa bàn {own_places(ask.reader)}, không phải điểm báo chung đã duyệt."
    return replace(made, coverage=replace(made.coverage, note=f"{made.coverage.note} {note}".strip()))
