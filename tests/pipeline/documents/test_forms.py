"""Forms of a case: every filled place has its source, what is unknown is dots, and nobody is given away."""

import io
import re

import docx
import pytest

from models.session import Store
from models.store import cases
from pipeline.case_file import CaseFile, case_file
from pipeline.documents.case_report import NO_RESULT, case_report
from pipeline.documents.fields import DocumentError, Drawn, Field, Source
from pipeline.documents.forms import draw, offers
from pipeline.documents.letterhead import DOTS, Letterhead
from tests.pipeline.making import BODY, DAY, Maker, moment

HEAD = Letterhead(
    agency="Sở Mẫu", symbol="SM", police="Công an tỉnh Mẫu", procuracy="VKSND tỉnh Mẫu", superior="UBND tỉnh Mẫu"
)
KINDS = (
    "mau-01",
    "bao-cao-nhanh",
    "bao-cao-vu-viec",
    "cung-cap-tin-bao",
    "kien-nghi-khoi-to",
    "thong-bao-vien-kiem-sat",
    "thu-mau",
)
IDENTITY = (
    "Họ và tên",
    "Ngày, tháng, năm sinh",
    "Họ tên, tuổi, nghề nghiệp của cha",
    "Họ tên, tuổi, nghề nghiệp của mẹ",
)


@pytest.fixture
def case(sqlite_store: Store) -> CaseFile:
    make = Maker(sqlite_store)
    said = {
        "types": {"xam_hai_tinh_duc": 0.9},
        "age": "13_15",
        "sex": "nu",
        "relation": "nguoi_quen",
        "stage": "tin_ban_dau",
    }
    place = {"new_province": "01", "words": "ở tổ 3, xã Mẫu"}
    story = make.story(
        make.article(place=place, **said), make.article(outlet="tin-som", exposes_child=[]), action="confirm"
    )
    with sqlite_store.write() as session:
        opened = cases.open_case(session, story, user_id=make.user(), now=moment(DAY, 8))
        cases.move(session, opened, "dang_xac_minh", seen="moi", reason=None, user_id=make.user(), now=moment(DAY, 9))
    with sqlite_store.read() as session:
        return case_file(session, opened)


def words_of(drawn: Drawn) -> str:
    opened = docx.Document(io.BytesIO(drawn.content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_all_forms_are_offered_where_they_fit(case: CaseFile) -> None:
    assert tuple(offer.kind for offer in offers(case)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_filled_place_has_its_source_in_the_annex_and_every_unknown_is_dots(case: CaseFile, kind: str) -> None:
    drawn = draw(kind, case, HEAD, DAY)
    annex = docx.Document(io.BytesIO(drawn.content)).tables[-1]
    rows = [tuple(cell.text for cell in row.cells) for row in annex.rows[1:]]
    assert len(rows) == len(drawn.fields) > 0
    for traced, (_, label, value, source, quote) in zip(drawn.fields, rows, strict=True):
        assert label == traced.label
        if traced.field.source is None:
            assert (value, source, quote) == (DOTS, "chưa biết, để trống", "")
        else:
            assert (value, source, quote) == (traced.field.value, traced.field.source.says, traced.field.source.quote)


@pytest.mark.parametrize("kind", KINDS)
def test_neither_the_paper_s_words_nor_what_identifies_the_child_get_in(case: CaseFile, kind: str) -> None:
    drawn = draw(kind, case, HEAD, DAY)
    text = words_of(drawn)
    for word in ("Na", "tổ 3", "Đầu đề", BODY):
        assert not re.search(rf"\b{re.escape(word)}\b", text)
    assert re.fullmatch(r"VV-2026-0001-[a-z0-9-]+\.docx", drawn.filename)


@pytest.mark.parametrize("kind", KINDS)
def test_number_signature_and_stamp_stay_empty_and_the_same_case_gives_the_same_bytes(
    case: CaseFile, kind: str
) -> None:
    first, second = draw(kind, case, HEAD, DAY), draw(kind, case, HEAD, DAY)
    assert first.content == second.content
    text = words_of(first)
    assert "Số: ………/" in text
    assert f"đóng dấu)\n\n\n\n{DOTS}" in text


def test_the_quote_of_the_source_is_the_sentence_with_the_child_blackened(case: CaseFile) -> None:
    source = case.child.source
    assert source is not None
    assert "▇▇▇" in source.quote
    assert "kể lại" in source.quote
    assert "bài số 1" in source.says


def test_the_mention_of_the_place_is_quoted_without_what_is_finer_than_the_commune(case: CaseFile) -> None:
    assert case.place.value == "Hà Nội"
    assert case.place.source is not None
    assert case.place.source.quote == "«ở ▇▇▇, xã Mẫu»"


def test_mau_01_leaves_the_identity_to_who_verifies(case: CaseFile) -> None:
    drawn = draw("mau-01", case, HEAD, DAY)
    filled = {traced.label: traced.field for traced in drawn.fields}
    assert not any(filled[label] for label in IDENTITY)
    assert filled["Ước lượng tuổi"].value == "13–15 tuổi"
    assert filled["Giới tính"].value == "Nữ"
    assert filled["Thời gian nhận"].value == "06:46 ngày 21/11/2026", "when the system fetched it"
    text = words_of(drawn)
    assert "bị xâm hại tình dục" in text
    assert "báo chí, chưa kiểm chứng" in text


def test_the_letter_to_the_police_has_all_that_a_report_by_telephone_must_hold(case: CaseFile) -> None:
    drawn = draw("cung-cap-tin-bao", case, HEAD, DAY)
    labels = {traced.label for traced in drawn.fields}
    assert labels >= {
        "Thời gian nhận tin",
        "Cơ quan cung cấp",
        "Địa chỉ, điện thoại",
        "Thời gian xảy ra",
        "Nơi xảy ra",
        "Tóm tắt",
        "Người bị nghi: quan hệ với trẻ",
        "Người làm chứng",
        "Người bị hại",
        "Hướng bỏ trốn",
        "Phương tiện",
        "Hậu quả",
        "Việc đã làm tại hiện trường",
        "Vì sao biết tin",
    }
    text = words_of(drawn)
    assert "Kính gửi: Công an tỉnh Mẫu" in text
    for cited in case.articles:
        assert cited.url in text
        assert cited.sha256 in text


def test_the_motion_goes_to_the_police_and_the_notice_to_the_procuracy(case: CaseFile) -> None:
    assert "Kính gửi: Công an tỉnh Mẫu" in words_of(draw("kien-nghi-khoi-to", case, HEAD, DAY))
    notice = words_of(draw("thong-bao-vien-kiem-sat", case, HEAD, DAY))
    assert "Kính gửi: VKSND tỉnh Mẫu" in notice
    assert "đã gửi kiến nghị khởi tố" in notice


def test_a_motion_under_the_circular_on_sexual_abuse_is_refused_for_another_case(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    story = make.story(action="confirm")
    with sqlite_store.write() as session:
        opened = cases.open_case(session, story, user_id=make.user(), now=moment(DAY, 8))
        other = case_file(session, opened)
    assert "kien-nghi-khoi-to" not in {offer.kind for offer in offers(other)}
    with pytest.raises(DocumentError, match="VV-2026-0001"):
        draw("kien-nghi-khoi-to", other, HEAD, DAY)


def test_the_newspaper_is_told_where_but_not_what(case: CaseFile) -> None:
    drawn = draw("thu-mau", case, HEAD, DAY)
    text = words_of(drawn)
    assert "đoạn 1 của bài" in text
    assert "LƯU HÀNH NỘI BỘ" not in text
    with pytest.raises(DocumentError, match="tin-som"):
        draw("thu-tin-som", case, HEAD, DAY)


def test_a_report_without_result_says_so_and_one_with_result_names_who_wrote_it(case: CaseFile) -> None:
    assert NO_RESULT in words_of(case_report(case, HEAD, DAY))
    told = case_report(case, HEAD, DAY, result="Trẻ đã an toàn.", told_by="Cán bộ thu")
    assert NO_RESULT not in words_of(told)
    [result] = [traced.field for traced in told.fields if traced.label == "Kết quả"]
    assert result == Field("Trẻ đã an toàn.", Source("Cán bộ ghi: Cán bộ thu"))


def test_a_value_without_a_source_cannot_be_filled_in() -> None:
    with pytest.raises(ValueError, match="source"):
        Field("13 tuổi")
    with pytest.raises(ValueError, match="words"):
        Field("  ", Source("x"))


def test_a_kind_that_does_not_exist_is_named(case: CaseFile) -> None:
    with pytest.raises(DocumentError, match="mau-99"):
        draw("mau-99", case, HEAD, DAY)
