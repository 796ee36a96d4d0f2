"""The điểm báo: what stands in it, that a day without news proves the reading, and that a person approves it."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.shared import Mm, Pt

from models.session import Store
from models.store import audit
from models.store import digest as kept
from models.store.digest import APPROVED, DRAFT, SUPERSEDED, DigestError
from pipeline.cli import cli
from pipeline.deadlines import read_clocks
from pipeline.digest import (
    ACCIDENTS,
    ELSEWHERE,
    FOLLOWED,
    POLICY,
    URGENT,
    DigestContent,
    DigestRules,
    build_digest,
    digest_from_json,
)
from pipeline.digest_drafts import kept_form, make_draft
from pipeline.documents.digest import render
from pipeline.documents.letterhead import Letterhead, LetterheadError, read_letterhead
from pipeline.documents.packing import EPOCH
from pipeline.urgency import load_table
from tests.pipeline.making import BODY, DAY, Maker, moment

HEAD = Letterhead(
    parent="UBND tỉnh Mẫu",
    agency="Sở Mẫu",
    symbol="SM",
    place="Tỉnh Mẫu",
    signer="Giám đốc",
    scope="Ban Giám đốc",
    recipients=("Ban Giám đốc", "Phòng Mẫu"),
)
RULES = DigestRules((), read_clocks(), load_table())


def content_of(store: Store, *, territory: tuple[str, ...] = ()) -> DigestContent:
    return build_digest(store, DAY, DigestRules(territory, read_clocks(), load_table()))


def words_of(document: bytes) -> str:
    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def full_day(make: Maker) -> None:
    make.run(ok=3, failed=("chieu-nay",), read=12)
    make.feed_state("chieu-nay", health="failed", error="HTTP 503")
    make.outlet_of("lang-le")
    make.feed_state("lang-le", health="empty")
    danger = make.article(danger_now=True, age="0_5", relation="nguoi_trong_tre", setting="nha_truong_mam_non")
    make.story(danger, make.article(outlet="tin-som", age="0_5"), action="confirm")
    make.story(make.article(types={"xam_hai_tinh_duc": 0.9}, sex="nu", age="13_15"), action="confirm")
    make.story(make.article(kind="xet_xu", stage="truy_to_xet_xu"), action="confirm")
    make.story(make.article(place={"new_province": "79"}), action="confirm")
    make.story(make.article(kind="tai_nan", types={}), action="reject", reason="tai_nan")
    make.story(make.article(kind="chinh_sach", types={}), action="confirm")
    make.story(action="unsure")
    make.story(action="reject", reason="khong_lien_quan")
    make.story()


def test_each_reviewed_story_stands_in_its_section_and_the_others_are_counted(store: Store) -> None:
    full_day(Maker(store))
    content = content_of(store, territory=("01",))
    sizes = [len(section) for section in content.sections]
    assert sizes == [2, 1, 1, 1, 1]
    assert content.sections[URGENT][0].urgent, "a child in danger comes first"
    assert content.sections[FOLLOWED][0].stage == "Truy tố, xét xử"
    assert content.sections[ELSEWHERE][0].place
    assert content.sections[ACCIDENTS][0].labels == "Tai nạn"
    assert content.sections[POLICY][0].headline.startswith("Chính sách")
    counts = content.counts
    assert (counts.new, counts.confirmed, counts.rejected, counts.unsure, counts.unreviewed) == (9, 5, 2, 1, 1)


def test_a_story_of_an_earlier_day_with_a_new_article_is_a_follow_up(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    old = make.article(day=DAY - timedelta(days=3))
    make.story(old, make.article(), day=DAY - timedelta(days=3), action="confirm")
    content = content_of(sqlite_store)
    assert len(content.sections[FOLLOWED]) == 1
    assert (content.counts.new, content.counts.updated, content.counts.articles) == (0, 1, 1)


def test_clocks_run_from_the_fetch_of_the_earliest_article(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.story(make.article(danger_now=True), action="confirm")
    make.story(make.article(), action="confirm")
    urgent, plain = content_of(sqlite_store).sections[URGENT]
    assert plain.due == "Chuyển ngay"
    due = urgent.due
    assert "khẩn cấp: trước 18:46 ngày 21/11/2026" in due
    assert "bằng văn bản: trước 23:59 ngày 24/11/2026" in due


@pytest.mark.parametrize("form", ["docx", "html", "txt"])
def test_a_day_without_news_says_so_and_proves_that_the_papers_were_read(sqlite_store: Store, form: str) -> None:
    make = Maker(sqlite_store)
    make.run(ok=2, failed=("chieu-nay",), read=7)
    make.article(outlet="mau", flag=False, kind="khac", types={})
    make.article(outlet="tin-som", flag=False, kind="khac", types={})
    document = render(content_of(sqlite_store), HEAD, form)
    text = words_of(document) if form == "docx" else " ".join(document.decode().split())
    for said in (
        "Không phát hiện tin",
        "Đã đọc 2/3 báo",
        "06:00",
        "7 trang",
        "Báo Mau",
        "Báo Tin-Som",
        "Báo Chieu-Nay",
    ):
        assert said in text


def test_a_day_without_any_pass_does_not_claim_that_there_is_no_news(sqlite_store: Store) -> None:
    text = render(content_of(sqlite_store), HEAD, "txt").decode()
    assert "chưa thể kết luận" in text
    assert "Không phát hiện" not in text


def test_unreviewed_stories_keep_the_digest_from_saying_that_nothing_was_found(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.run()
    make.story()
    text = render(content_of(sqlite_store), HEAD, "txt").decode()
    assert "chưa xem 1" in text
    assert "Không phát hiện" not in text


@pytest.mark.parametrize("form", ["docx", "html", "txt"])
def test_neither_headline_nor_text_of_a_paper_gets_in(sqlite_store: Store, form: str) -> None:
    make = Maker(sqlite_store)
    full_day(make)
    document = render(content_of(sqlite_store), HEAD, form)
    text = words_of(document) if form == "docx" else document.decode()
    for word in ("Na", "tổ 3", "Đầu đề", *BODY.split(". ")):
        assert not re.search(rf"\b{re.escape(word)}\b", text)


@pytest.mark.parametrize("form", ["docx", "html", "txt"])
def test_the_same_input_gives_the_same_document_to_the_byte(sqlite_store: Store, form: str) -> None:
    full_day(Maker(sqlite_store))
    assert render(content_of(sqlite_store), HEAD, form) == render(content_of(sqlite_store), HEAD, form)


def test_no_clock_and_no_library_shows_in_the_file(sqlite_store: Store) -> None:
    full_day(Maker(sqlite_store))
    document = render(content_of(sqlite_store), HEAD, "docx")
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        assert {entry.date_time for entry in file.infolist()} == {EPOCH}
        assert not [name for name in file.namelist() if "thumbnail" in name]
        assert b"python-docx" not in file.read("docProps/core.xml")


def test_the_form_is_that_of_the_decree(sqlite_store: Store) -> None:
    full_day(Maker(sqlite_store))
    opened = docx.Document(io.BytesIO(render(content_of(sqlite_store), HEAD, "docx")))
    section = opened.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    width, height, top, bottom, left_margin, right_margin = (
        round((length or Mm(0)).mm) for length in (*sides, section.left_margin, section.right_margin)
    )
    assert (width, height) == (210, 297)
    assert 20 <= top <= 25
    assert 20 <= bottom <= 25
    assert 30 <= left_margin <= 35
    assert 15 <= right_margin <= 20
    assert opened.styles["Normal"].font.name == "Times New Roman"
    assert opened.styles["Normal"].font.size == Pt(13)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    heading = opened.tables[0]
    left, right = heading.rows[0].cells
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in right.text
    assert "Độc lập - Tự do - Hạnh phúc" in right.text
    assert left.text.splitlines()[:2] == ["UBND TỈNH MẪU", "SỞ MẪU"]
    assert heading.rows[1].cells[0].text == "Số: ………/BC-SM", "the number stays empty"
    assert heading.rows[1].cells[1].text == "Tỉnh Mẫu, ngày 21 tháng 11 năm 2026"
    text = words_of(render(content_of(sqlite_store), HEAD, "docx"))
    assert "LƯU HÀNH NỘI BỘ" in text
    assert "NĐ 56/2017 Đ24.3" in text
    assert "- Ban Giám đốc;\n- Phòng Mẫu;\n- Lưu: VT." in text
    assert "./." in text


def test_what_the_letterhead_does_not_say_is_left_as_dots(sqlite_store: Store) -> None:
    text = words_of(render(content_of(sqlite_store), Letterhead(), "docx"))
    assert "Số: ………/BC-………" in text
    assert text.count("……………………") >= 4


def test_a_hostile_address_is_no_link_on_the_page(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    article = make.article()
    make.rename(article, url="javascript:alert(1)//<b>")
    make.story(article, action="confirm")
    page = render(content_of(sqlite_store), HEAD, "html").decode()
    assert "javascript:" not in page
    assert "<b>" not in page


def test_a_draft_is_made_once_and_a_change_makes_a_new_revision(store: Store) -> None:
    make = Maker(store)
    make.run()
    said = {"rules": RULES, "head": HEAD, "now": moment(DAY, 7)}
    first = make_draft(store, DAY, **said)
    assert make_draft(store, DAY, **said).id == first.id
    make.story(action="confirm")
    second = make_draft(store, DAY, **said)
    assert (second.revision, second.state) == (2, DRAFT)
    with store.read() as session:
        assert [line.state for line in kept.history(session, day=DAY)] == [DRAFT, SUPERSEDED]


def test_a_person_approves_the_very_document_that_they_saw(store: Store) -> None:
    make = Maker(store)
    user = make.user()
    said = {"rules": RULES, "head": HEAD, "now": moment(DAY, 7)}
    old = make_draft(store, DAY, **said)
    make.story(action="confirm")
    new = make_draft(store, DAY, **said)
    with store.write() as session:
        with pytest.raises(DigestError, match="mới hơn"):
            kept.approve(session, old.id, seen=old.sha256, user_id=user, now=moment(DAY, 7))
        with pytest.raises(DigestError, match="mới hơn"):
            kept.approve(session, new.id, seen=old.sha256, user_id=user, now=moment(DAY, 7))
        assert kept.approved(session, DAY) is None
        approved = kept.approve(session, new.id, seen=new.sha256, user_id=user, now=moment(DAY, 7))
        assert (approved.state, approved.approved_by) == (APPROVED, user)
        with pytest.raises(DigestError, match="đã được duyệt"):
            kept.approve(session, new.id, seen=new.sha256, user_id=user, now=moment(DAY, 7))
    with store.read() as session:
        found = kept.approved(session, DAY)
        assert found is not None
        assert found.document == new.document
        assert audit.lines(session, action="digest.approve")[0].detail["sha256"] == new.sha256
        assert audit.verify(session) is None


def test_an_approved_digest_stays_approved_when_a_newer_draft_is_made(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    said = {"rules": RULES, "head": HEAD, "now": moment(DAY, 7)}
    first = make_draft(sqlite_store, DAY, **said)
    with sqlite_store.write() as session:
        kept.approve(session, first.id, seen=first.sha256, user_id=make.user(), now=moment(DAY, 7))
    make.story(action="confirm")
    make_draft(sqlite_store, DAY, **said)
    with sqlite_store.read() as session:
        found = kept.approved(session, DAY)
        assert found is not None
        assert found.id == first.id


def test_a_kept_draft_comes_out_in_every_form_as_it_was(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    full_day(make)
    content = content_of(sqlite_store)
    draft = make_draft(sqlite_store, DAY, RULES, HEAD, now=moment(DAY, 7))
    assert digest_from_json(content.as_json()) == content
    make.story(action="confirm")
    for form in ("docx", "html", "txt"):
        assert kept_form(draft, form) == render(content, HEAD, form)


def test_the_command_writes_the_file_and_warns_when_nothing_was_scanned(tmp_path: Path) -> None:
    out = tmp_path / "o.docx"
    result = CliRunner().invoke(cli, ["digest", "--day", "2026-11-21", "--format", "docx", "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "Chưa có lượt quét" in result.output
    assert "Điểm báo về bạo lực, xâm hại trẻ em ngày 21/11/2026" in words_of(out.read_bytes())


def test_a_letterhead_file_is_read_and_a_mistake_in_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letterhead.toml"
    file.write_text('agency = "Sở Mẫu"\nrecipients = ["A", "B"]\n', "utf-8")
    assert read_letterhead(file).recipients == ("A", "B")
    for text, named in (
        ("agenci = 'x'", "agenci"),
        ("recipients = 'A'", "recipients"),
        ("agency = 3", "agency"),
        ("=", "toml"),
    ):
        file.write_text(text, "utf-8")
        with pytest.raises(LetterheadError, match=named):
            read_letterhead(file)
