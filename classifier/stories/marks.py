"""Hard facts that a text shows at a glance: ages, dates, places by name, and whether it is a round-up of events.

Places are compared as names only: two articles that name different communes *and* different districts are about
different places, whatever their wording shares.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

from classifier.stories.words import CAPITAL, LOWER, fold

DATE = re.compile(
    r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(?:20\d\d|19\d\d))?\b|\bngày (\d{1,2}) tháng (\d{1,2})"
)
AGE = re.compile(r"\b(\d{1,2})\s?(tuổi|tháng tuổi|ngày tuổi|t\b)", re.IGNORECASE)
BORN = re.compile(r"\b(?:SN|sinh năm|sinh)\s?:?\s?(19\d\d|20\d\d)", re.IGNORECASE)
GRADE = re.compile(r"\blớp (\d{1,2})\b", re.IGNORECASE)
PLACE = rf"(\d{{1,2}}\b|{CAPITAL}{LOWER}*(?:\s{CAPITAL}{LOWER}*){{0,2}})"
COMMUNE = re.compile(rf"\b(?:xã|phường|thị trấn|P\.|X\.)\s?{PLACE}")
DISTRICT = re.compile(rf"\b(?:huyện|quận|TX|thành phố|TP|H\.|Q\.)\.?\s?{PLACE}")
TOWN = re.compile(r"[Tt]hị xã")
ROUND_UP = re.compile(
    r"\b24 ?h\b|^(?:điểm tin|bản tin|tin tức|tin nóng|tin trong ngày)|nóng (?:nhất|trong)|hot nhất|thời sự trong ngày"
    r"|\bnổi bật\b|\bnhững vụ\b|hàng loạt vụ|\bloạt vụ\b|;",
    re.IGNORECASE,
)
PROVINCES = (
    "An Giang|Bà Rịa|Vũng Tàu|Bắc Giang|Bắc Kạn|Bạc Liêu|Bắc Ninh|Bến Tre|Bình Định|Bình Dương|Bình Phước|Bình Thuận|"
    "Cà Mau|Cần Thơ|Cao Bằng|Đà Nẵng|Đắk Lắk|Đăk Lăk|Đắc Lắc|Đắk Nông|Đăk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|"
    "Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hoà Bình|Hưng Yên|Khánh Hòa|Khánh Hoà|"
    "Kiên Giang|Kon Tum|Lai Châu|Lâm Đồng|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|"
    "Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|"
    "Thanh Hóa|Thanh Hoá|Huế|Tiền Giang|Hồ Chí Minh|HCM|Sài Gòn|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái"
)
PROVINCE = re.compile(rf"\b(?:{PROVINCES})\b")
SAME_PROVINCE = {"HCM": "Hồ Chí Minh", "Sài Gòn": "Hồ Chí Minh", "Bà Rịa": "Vũng Tàu", "Đắc Lắc": "Đắk Lắk"} | {
    "Đăk Lăk": "Đắk Lắk",
    "Đăk Nông": "Đắk Nông",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """Small sorted tuples of hashes. What starts with `lead` stands in the headline or the opening: that is where an
    article says what it is about, further down it retells other events of the same place."""

    ages: tuple[int, ...]
    dates: tuple[int, ...]
    communes: tuple[int, ...]
    districts: tuple[int, ...]
    provinces: tuple[int, ...]
    lead_communes: tuple[int, ...]
    lead_names: tuple[int, ...]
    round_up: bool


def number_keys(text: str) -> Iterator[str]:
    for match in DATE.finditer(text):
        day, month, day_in_words, month_in_words = match.groups()
        yield f"d:{int(day or day_in_words)}/{int(month or month_in_words)}"
    for match in AGE.finditer(text):
        yield f"a:{int(match.group(1))}{match.group(2)[:2].lower()}"
    for match in BORN.finditer(text):
        yield f"b:{match.group(1)}"
    for match in GRADE.finditer(text):
        yield f"g:{int(match.group(1))}"


def is_round_up(title: str) -> bool:
    return bool(ROUND_UP.search(title))


def marks(title: str, lead: str, text: str, numbers: Iterable[str], lead_names: Iterable[int]) -> Marks:
    """`text` is the whole article, title included, composed (NFC), and `lead` its beginning; `numbers` are its
    `number_keys`, `lead_names` the slots of the rare names in its beginning."""
    numbers = set(numbers)
    towns = TOWN.sub("TX", text)
    return Marks(
        ages=_hashes(key for key in numbers if key.startswith("a:")),
        dates=_hashes(key for key in numbers if key.startswith("d:")),
        communes=_hashes(_names(COMMUNE, towns)),
        districts=_hashes(name for name in _names(DISTRICT, towns) if name != "hcm"),
        provinces=_hashes(SAME_PROVINCE.get(name, name) for name in PROVINCE.findall(text)),
        lead_communes=_hashes(_names(COMMUNE, TOWN.sub("TX", lead))),
        lead_names=tuple(sorted(lead_names)),
        round_up=is_round_up(title),
    )


def unit_names(text: str) -> Iterator[str]:
    """Communes and districts that a text names with their unit word."""
    towns = TOWN.sub("TX", text)
    yield from _names(COMMUNE, towns)
    yield from _names(DISTRICT, towns)


def _names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (" ".join(fold(part) for part in match.split()) for match in pattern.findall(text))


def _hashes(keys: Iterator[str]) -> tuple[int, ...]:
    return tuple(sorted({crc32(key.encode()) for key in keys}))
