"""The stored copies in a package for the police: the very responses, readable by any tool, or named as missing."""

import gzip
import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from models.store import archive, reading
from pipeline.evidence import RunArchive
from spiders.jobs import Answer
from tests.review_ui.conftest import World
from tests.review_ui.seed import NOW
from tests.review_ui.test_clocks import open_case
from tests.review_ui.test_leads import add_recipient, files, send

BODY = b"<html><body><h1>Trang m\xe1\xba\xabu</h1><p>N\xe1\xbb\x99i dung m\xe1\xba\xabu.</p></body></html>"


@pytest.fixture
def archived(one_world: World, tmp_path: Path) -> World:
    """The carer's first article has a stored copy, its second has none."""
    open_case(one_world)
    kept = RunArchive(tmp_path / "archive")
    with one_world.store.write() as session:
        first = reading.story(session, one_world.stories["carer"]).items[0]
        place = kept.keep(
            Answer(first.url, first.url, NOW, 200, (("content-type", "text/html"),), BODY),
            run=1,
            day=date(2026, 11, 21),
        )
        archive.add(session, first.id, place, read=True)
    kept.close()
    return one_world


def test_the_police_get_the_record_as_it_was_received_with_its_digest(archived: World) -> None:
    person = archived.sign_in("lan")
    parts = files(archived, send(person, add_recipient(archived, "police"), 1))
    [record] = list(ArchiveIterator(io.BytesIO(parts["ban-luu-001.warc.gz"])))
    assert record.rec_type == "response"
    said = parts["ban-luu.txt"].decode()
    assert f"001: SHA-256 của phần thân {hashlib.sha256(BODY).hexdigest()}" in said
    assert "002: không có bản lưu" in said
    assert BODY in gzip.decompress(parts["ban-luu-001.warc.gz"])
    assert not any(
        name.startswith("ban-luu") for name in files(archived, send(person, add_recipient(archived, "commune"), 1))
    )


def test_a_copy_that_was_changed_is_named_and_not_sent(archived: World, tmp_path: Path) -> None:
    [path] = (tmp_path / "archive").rglob("*.warc.gz")
    content = bytearray(path.read_bytes())
    content[-40] ^= 0xFF
    path.write_bytes(bytes(content))
    parts = files(archived, send(archived.sign_in("lan"), add_recipient(archived, "police"), 1))
    assert "001: bản lưu không khớp, không gửi" in parts["ban-luu.txt"].decode()
    assert "ban-luu-001.warc.gz" not in parts


def test_the_sheet_comes_as_pdf_too_where_the_machine_can(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.packages.to_pdf", lambda content: b"%PDF-mau" if content.startswith(b"PK") else None)
    open_case(one_world)
    person, recipient = one_world.sign_in("lan"), add_recipient(one_world, "health")
    person.get(f"/nguon-tin/goi?noi={recipient}&vu=1")
    fields = {"noi": str(recipient), "vu": "1", "key": "k1", "ground": "Căn cứ", "pdf": "1"}
    assert person.post("/nguon-tin/goi", **fields).status_code == 303
    parts = files(one_world, 1)
    assert next(content for name, content in parts.items() if name.endswith(".pdf")) == b"%PDF-mau"
