"""Documents of a case: drafted, edited in one's own program and put back, approved, downloaded, noted as sent."""

import secrets
from dataclasses import dataclass

from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import audit, cases, document_sendings
from models.store import clocks as kept_clocks
from models.store import documents as kept
from models.store.clocks import Done
from models.store.document_sendings import Sent
from models.store.documents import DocumentLine
from models.store.reading import NotThereError
from models.tables import CaseDocument
from pipeline.case_documents import draw_document, put_back
from pipeline.case_file import case_file
from pipeline.documents.fields import DocumentError
from pipeline.documents.forms import offers
from pipeline.documents.letterhead import FILE, read_letterhead
from pipeline.documents.pdf import can_pdf, to_pdf
from review_ui.moments import field_value, read_moment
from review_ui.pages import Ask, go, page
from review_ui.views.clocks import HOW

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATE = {"draft": "bản thảo", "approved": "đã duyệt", "superseded": "đã có bản mới hơn"}
ORIGIN = {"drawn": "máy soạn", "edited": "người sửa"}
ENDS = {
    "bao-cao-nhanh": "bao_cao_nhanh",
    "bao-cao-vu-viec": "bao_cao_vu_viec",
    "cung-cap-tin-bao": "van_ban_sau_dien_thoai",
}
"""Which clock a form ends when it goes out."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One form of the case with its revisions, the newest first."""

    kind: str
    name: str
    lines: tuple[DocumentLine, ...]

    @property
    def newest(self) -> DocumentLine | None:
        return self.lines[0] if self.lines else None


@page("/vu-viec/{id}/van-ban", needs=Right.CASES)
def show(ask: Ask) -> Response:
    case_id = ask.id()
    with ask.house.store.read() as session:
        case = cases.one_case(session, case_id)
        names = {offer.kind: offer.name for offer in offers(case_file(session, case_id))}
        lines = kept.of_case(session, case_id)
        sent = document_sendings.of_case(session, case_id)
        opened = ask.query.number("xem")
        sources = _one(kept.get(session, opened), case_id).sources if opened is not None else []
    names |= {line.kind: line.kind for line in lines if line.kind not in names}
    shelves = [Shelf(kind, name, tuple(line for line in lines if line.kind == kind)) for kind, name in names.items()]
    return ask.page(
        "documents.html",
        case=case,
        shelves=shelves,
        sent=sent,
        opened=opened,
        sources=sources,
        STATE=STATE,
        ORIGIN=ORIGIN,
        HOW=HOW,
        pdf=can_pdf(),
        field_value=field_value,
        new_key=lambda: secrets.token_hex(8),
    )


def _one(document: CaseDocument, case_id: int) -> CaseDocument:
    if document.case_id != case_id:
        raise NotThereError("Vụ việc này không có văn bản đó")
    return document


@page("/vu-viec/{id}/van-ban/lap", method="POST", needs=Right.CASES)
def draft(ask: Ask) -> Response:
    head = read_letterhead(ask.house.settings.data_dir / FILE)
    case_id, kind = ask.id(), ask.form.get("kind")
    with ask.house.store.write() as session:
        document_id = draw_document(
            session, case_id, kind, head, day=day_of(ask.now), user_id=ask.user.user_id, now=ask.now
        ).id
    return go(f"/vu-viec/{case_id}/van-ban?xem={document_id}#{kind}")


@page("/vu-viec/{id}/van-ban/sua", method="POST", needs=Right.CASES, upload=True)
def edited(ask: Ask) -> Response:
    case_id, kind, content = ask.id(), ask.form.get("kind"), ask.form.file("file")
    with ask.house.store.write() as session:
        put_back(session, case_id, kind, content, user_id=ask.user.user_id, now=ask.now)
    return go(f"/vu-viec/{case_id}/van-ban#{kind}")


@page("/vu-viec/{id}/van-ban/{document}/duyet", method="POST", needs=Right.APPROVE)
def approve(ask: Ask) -> Response:
    """Only the very document that the person's page showed."""
    case_id, document_id = ask.id(), ask.id("document")
    with ask.house.store.write() as session:
        kind = _one(kept.get(session, document_id), case_id).kind
        kept.approve(session, document_id, seen=ask.form.get("seen"), user_id=ask.user.user_id, now=ask.now)
    return go(f"/vu-viec/{case_id}/van-ban#{kind}")


@page("/vu-viec/{id}/van-ban/{document}/gui", method="POST", needs=Right.CASES)
def note_sent(ask: Ask) -> Response:
    """The same form sent twice counts once; the clock that the paper answers ends with this proof."""
    case_id, document_id = ask.id(), ask.id("document")
    at = read_moment(ask.form, "at", otherwise=ask.now)
    sent = Sent(ask.form.get("to"), ask.form.get("how"), ask.form.get("reference"), at)
    with ask.house.store.write() as session:
        kind = _one(kept.get(session, document_id), case_id).kind
        user_id = ask.user.user_id
        new = document_sendings.note(session, document_id, sent, key=ask.form.get("key"), user_id=user_id, now=ask.now)
        clock = ENDS.get(kind)
        if new and clock and clock not in kept_clocks.load(session, [case_id])[case_id].proofs:
            done = Done(sent.at, ask.user.display, sent.to, sent.how, sent.reference)
            kept_clocks.end(session, case_id, clock, done, user_id=user_id, now=ask.now)
    return go(f"/vu-viec/{case_id}/van-ban#{kind}")


@page("/vu-viec/{id}/van-ban/{document}/tep", needs=Right.CASES)
def download(ask: Ask) -> Response:
    form = ask.query.get("dang") or "docx"
    if form not in ("docx", "pdf"):
        raise NotThereError("Không có dạng tệp này")
    with ask.house.store.write() as session:
        document = _one(kept.get(session, ask.id("document")), ask.id())
        content, name = document.content, document.filename.removesuffix(".docx")
        audit.append(
            session,
            at=ask.now,
            action="document.download",
            user_id=ask.user.user_id,
            object=f"document/{document.id}",
            detail={"form": form, "sha256": document.sha256},
        )
    if form == "pdf":
        made = to_pdf(content)
        if made is None:
            raise DocumentError("Máy này không có LibreOffice nên không chuyển được sang PDF")
        content = made
    kind = "application/pdf" if form == "pdf" else DOCX
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}.{form}"'})
