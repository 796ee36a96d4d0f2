"""A document of a case from draft to approval."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest

from models.session import Store
from models.store import audit, cases
from models.store import documents as kept
from models.store.documents import APPROVED, DRAFT, EDITED, SUPERSEDED, DocumentStateError
from models.store.reading import NotThereError
from models.tables import CaseDocument
from pipeline.case_documents import check_docx, draw_document, put_back
from pipeline.documents.fields import DocumentError
from pipeline.documents.letterhead import Letterhead
from tests.pipeline.making import DAY, Maker, moment

KIND = "bao-cao-nhanh"


def opened(make: Maker) -> int:
    story = make.story(action="confirm")
    with make.store.write() as session:
        return cases.open_case(session, story, user_id=make.user(), now=moment(DAY, 8))


def drawn(make: Maker, case_id: int, *, agency: str = "Sở Mẫu") -> CaseDocument:
    user = make.user()
    with make.store.write() as session:
        return draw_document(
            session, case_id, KIND, Letterhead(agency=agency), day=DAY, user_id=user, now=moment(DAY, 9)
        )


def edited(document: bytes) -> bytes:
    file = docx.Document(io.BytesIO(document))
    file.add_paragraph("Bổ sung của cán bộ.")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_drawn_document_is_kept_with_its_sources_once(store: Store) -> None:
    make = Maker(store)
    case = opened(make)
    first = drawn(make, case)
    assert drawn(make, case).id == first.id
    assert (first.revision, first.state, first.filename) == (1, DRAFT, "VV-2026-0001-bao-cao-nhanh.docx")
    labels = [label for label, *_ in first.sources]
    assert "Tóm tắt" in labels
    assert all(bool(value) == bool(source) for _, value, source, _ in first.sources)


def test_what_a_person_edited_replaces_the_draft_and_is_what_gets_approved(store: Store) -> None:
    make = Maker(store)
    user, case = make.user(), opened(make)
    first = drawn(make, case)
    with store.write() as session:
        changed = edited(first.content)
        second = put_back(session, case, KIND, changed, user_id=user, now=moment(DAY, 9))
        with pytest.raises(DocumentStateError, match="mới hơn"):
            kept.approve(session, first.id, seen=first.sha256, user_id=user, now=moment(DAY, 9))
        with pytest.raises(DocumentStateError, match="mới hơn"):
            kept.approve(session, second.id, seen=first.sha256, user_id=user, now=moment(DAY, 9))
        kept.approve(session, second.id, seen=second.sha256, user_id=user, now=moment(DAY, 9))
        with pytest.raises(DocumentStateError, match="đã được duyệt"):
            kept.approve(session, second.id, seen=second.sha256, user_id=user, now=moment(DAY, 9))
    with store.read() as session:
        lines = kept.of_case(session, case)
        assert [(line.revision, line.origin, line.state) for line in lines] == [
            (2, EDITED, APPROVED),
            (1, "drawn", SUPERSEDED),
        ]
        assert kept.get(session, second.id).content == changed
        assert audit.lines(session, action="document.approve")[0].detail["sha256"] == second.sha256
        assert audit.verify(session) is None


def test_only_a_form_that_was_drawn_can_be_put_back(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    user, case = make.user(), opened(make)
    with sqlite_store.write() as session:
        with pytest.raises(DocumentError, match="Chưa có bản thảo"):
            put_back(session, case, KIND, b"", user_id=user, now=moment(DAY, 9))
        with pytest.raises(NotThereError):
            kept.approve(session, 99, seen="", user_id=user, now=moment(DAY, 9))
        with pytest.raises(NotThereError):
            kept.keep(session, 99, kind=KIND, filename="x", content=b"x", user_id=user, now=moment(DAY, 9))


def test_a_file_that_could_run_something_or_is_no_document_is_refused(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    good = drawn(make, opened(make)).content
    check_docx(good)
    with_macro = io.BytesIO(good)
    with zipfile.ZipFile(with_macro, "a") as file:
        file.writestr("word/vbaProject.bin", b"x")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b" " * (60 * 1024 * 1024))
    for content, named in (
        (with_macro.getvalue(), "macro"),
        (bomb.getvalue(), "quá lớn"),
        (b"x" * (6 * 1024 * 1024), "quá lớn"),
        (b"PK no", "không phải"),
        (b"", "không phải"),
    ):
        with pytest.raises(DocumentError, match=named):
            check_docx(content)


def test_people_who_draw_at_one_time_get_one_revision_each(store: Store) -> None:
    make = Maker(store)
    make.user()
    case = opened(make)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: drawn(make, case, agency=f"Sở {number}"), range(4)))
    assert sorted(document.revision for document in made) == [1, 2, 3, 4]
    with store.read() as session:
        states = {line.revision: line.state for line in kept.of_case(session, case)}
    assert states == {4: DRAFT, 3: SUPERSEDED, 2: SUPERSEDED, 1: SUPERSEDED}
