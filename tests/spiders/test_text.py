import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from spiders.bylines import clean_byline, without_byline
from spiders.text import apart, as_utf8, decode, one_line, strip_markup, unescape


def test_valid_utf_8_is_utf_8_whatever_is_declared() -> None:
    raw = '<meta charset="windows-1252">Tiếng Việt'.encode()
    assert decode(raw, "iso-8859-1").endswith("Tiếng Việt")
    assert as_utf8(raw, "iso-8859-1") is raw


def test_one_bad_byte_spoils_one_letter() -> None:
    assert decode("Tiếng ".encode() + b"\xff" + " Việt".encode()) == "Tiếng \ufffd Việt"


def test_an_encoding_that_does_not_exist_or_is_no_text_is_not_used() -> None:
    for name in ("khong-co", "zip", "base64", "rot13", "\x00", "idna", "undefined"):
        assert decode(b"a\xffb", name) == "a\ufffdb"


def test_entities_are_decoded_as_often_as_they_were_escaped() -> None:
    assert unescape("&#7885;c b&#417;i") == "ọc bơi"
    assert unescape("&amp;amp;quot;") == "&quot;"
    assert unescape("&amp;quot;A&amp;quot;") == '"A"'
    assert unescape("AT&T; a < b") == "AT&T; a < b"


def test_a_line_is_composed_and_holds_no_invisible_characters() -> None:
    assert one_line(unicodedata.normalize("NFD", "  Trẻ\u200b\n em\u00a0\u00ad học\x07 bơi ")) == "Trẻ em học bơi"


def test_markup_leaves_its_words() -> None:
    assert strip_markup('<a href="x"><img src=y></a><p>Một<br>hai</p><script>ba</script> &lt; bốn') == "Một hai < bốn"


LINES = ["Sáng nay các em nhỏ của xã Mẫu đã đến trường học bơi.", "Lớp học kéo dài sáu tuần.", "Ai cũng vui."]


def test_headline_and_standfirst_are_taken_out_of_the_body() -> None:
    assert apart(["TIÊU ĐỀ", *LINES], title="Tiêu đề", sapo=LINES[0], certain=True) == (LINES[1:], LINES[0])


def test_a_standfirst_found_by_a_rule_is_kept_as_it_is() -> None:
    assert apart(LINES, title="x", sapo="Sáng nay các em nhỏ của xã Mẫu đã…", certain=True) == (
        LINES,
        "Sáng nay các em nhỏ của xã Mẫu đã…",
    )


def test_a_description_cut_off_within_a_word_is_the_first_paragraph() -> None:
    assert apart(LINES, title="x", sapo="Sáng nay các em nhỏ của xã Mẫu đã đế...", certain=False) == (
        LINES[1:],
        LINES[0],
    )


def test_the_only_paragraph_is_never_taken_away() -> None:
    assert apart(LINES[:1], title="x", sapo="Sáng nay các em nhỏ của xã Mẫu đã đế...", certain=False)[0] == LINES[:1]


def test_by_lines_are_names_alone() -> None:
    cases = {
        "Theo Nguyễn Thị Mẫu - 07/03/2026 08:06": "Nguyễn Thị Mẫu",
        "Tác giả: Lê Văn Mẫu": "Lê Văn Mẫu",
        "LÊ MẪU và 1 tác giả khác LÊ MẪU TRẦN MẪU": "LÊ MẪU, LÊ MẪU TRẦN MẪU",
        "Lê Mẫu - Trần Mẫu": "Lê Mẫu, Trần Mẫu",
        "Lê Mẫu và Trần Mẫu, Lê Mẫu": "Lê Mẫu, Trần Mẫu",
        "Lê Mẫu (mau@bao-mau.example)": "Lê Mẫu",
        "Báo Mẫu": None,
        "baomau.vn": None,
        "https://facebook.example/baomau": None,
        "1442114778": None,
        "Thứ bảy, 07/03/2026": None,
        "": None,
    }
    assert {text: clean_byline(text, outlet="Báo Mẫu", host="bao-mau.example") for text in cases} == cases


def test_the_outlets_own_name_is_no_author() -> None:
    for name in ("Bao Mau", "baomau", "BaoMauOnline", "Mẫu"):
        assert clean_byline(name, outlet="Báo Mẫu", host="baomau.example") is None


def test_a_last_line_that_only_names_the_author_is_no_text() -> None:
    assert without_byline([*LINES, "Nguyễn Thị Mẫu"], "Nguyễn Thị Mẫu") == LINES
    assert without_byline([*LINES, "Bà Nguyễn Thị Mẫu đã đến."], "Nguyễn Thị Mẫu") == [
        *LINES,
        "Bà Nguyễn Thị Mẫu đã đến.",
    ]
    assert without_byline(["Nguyễn Thị Mẫu"], "Nguyễn Thị Mẫu") == ["Nguyễn Thị Mẫu"]


@given(st.binary(max_size=200), st.none() | st.text(max_size=12))
def test_no_bytes_make_decoding_fail(raw: bytes, encoding: str | None) -> None:
    assert decode(raw, encoding).encode("utf-8", "replace").decode() == as_utf8(raw, encoding).decode().removeprefix(
        "\ufeff"
    )


@given(st.text(max_size=200))
def test_cleaning_a_line_twice_changes_nothing(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)
