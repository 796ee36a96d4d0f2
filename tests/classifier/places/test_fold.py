import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from classifier.places.fold import bare_key, composed, name_key


def test_one_name_in_many_spellings_has_one_key() -> None:
    assert name_key("Hoà Bình") == name_key("Hòa  Bình") == name_key("HÒA BÌNH")
    assert name_key("Thuỷ Nguyên") == name_key("Thủy Nguyên")
    assert name_key("Phú Quý") == "phú quý"
    assert name_key("Đăk Lăk") == name_key("Đắk Lắk")
    assert name_key("Cư M’gar") == name_key("Cư M'gar")


def test_typing_needs_no_diacritics() -> None:
    assert bare_key("Đắk Lắk") == "dak lak"
    assert bare_key("Bà Rịa - Vũng Tàu") == "ba ria vung tau"


@given(st.text(alphabet="aăâđêôơưàảãáạ ằHà Nội.,\u0301\u0309", max_size=40))
def test_positions_of_composed_text_point_into_the_input(text: str) -> None:
    for form in ("NFC", "NFD"):
        given_text = unicodedata.normalize(form, text)
        out, places = composed(given_text)
        assert out == unicodedata.normalize("NFC", given_text)
        if places is not None:
            assert len(places) == len(out) + 1
            for at, char in enumerate(out):
                piece = given_text[places[at] : places[at + 1]]
                assert unicodedata.normalize("NFC", piece) in {char, ""} or char in unicodedata.normalize("NFC", piece)
