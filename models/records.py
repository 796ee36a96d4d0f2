"""What travels between the steps: frozen records without any framework.

Codes (kind, types, setting, stage, age, sex, relation) are those of the label guide; unknown is None,
never a guess. Times are aware datetimes that keep the offset which the outlet stated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

KINDS = ("vu_viec", "xet_xu", "chinh_sach", "nuoc_ngoai", "tai_nan", "tre_pham_toi", "nguoi_lon", "khac")
TYPES = (
    "bao_luc",
    "xam_hai_tinh_duc",
    "boc_lot",
    "mua_ban_bat_coc",
    "bo_roi_bo_mac",
    "tuoc_doat_tinh_mang",
    "vi_pham_quyen_khac",
)
SETTINGS = (
    "gia_dinh",
    "nha_truong_mam_non",
    "cong_dong",
    "tren_mang",
    "co_so_tro_giup",
    "noi_lam_viec",
    "khong_ro",
)
STAGES = ("tin_ban_dau", "dang_xac_minh_dieu_tra", "truy_to_xet_xu", "sau_xu_ly")
AGES = ("0_5", "6_12", "13_15", "16_17", "khong_ro")
SEXES = ("nu", "nam", "ca_hai", "khong_ro")
RELATIONS = (
    "cha_me",
    "nguoi_than",
    "thay_co",
    "nguoi_trong_tre",
    "nguoi_quen",
    "nguoi_la",
    "tre_khac",
    "khong_ro",
)

Span = tuple[str, int, int]
"""(field, start, end): characters of the field `title`, `sapo` or `text`, end exclusive."""
HIDDEN = "hidden"
"""Fourth part of a stored span that is to be hidden and is no reproach to the paper."""
NONE_HIDDEN: Span = ("title", 0, 0)
"""Stands among what is hidden where names were looked for and none was found; it covers nothing."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item that a feed, sitemap or section page shows."""

    url: str
    title: str
    sapo: str = ""
    published: datetime | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One page as read. `body` is paragraphs split by a line feed; `provenance` says which rule found a field."""

    url: str
    title: str
    body: str
    canonical_url: str | None = None
    sapo: str = ""
    author: str | None = None
    section: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the classifier and the place finder are given. Entries of a feed have no `text`."""

    id: str
    title: str = ""
    sapo: str = ""
    text: str = ""
    url: str = ""
    source: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model said of one version of an article; a sorting aid, never a finding of guilt.

    `exposes_child` is what the paper ought not to have printed, `hides` names that we do not show besides.
    """

    model: str
    score: float
    flag: bool
    kind: str | None
    types: Mapping[str, float]
    setting: str | None = None
    stage: str | None = None
    age: str | None = None
    age_basis: str | None = None
    sex: str | None = None
    victims: int | None = None
    relation: str | None = None
    danger_now: bool | None = None
    language: str | None = "vi"
    evidence: tuple[Span, ...] = ()
    exposes_child: tuple[Span, ...] = ()
    hides: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the incident happened. Codes are official (NSO) ones: provinces two digits, as strings.

    `old_codes` and `new_codes` hold the finest candidates in each era (before and since 1 July 2025).
    """

    commune: str | None
    district: str | None
    province: str | None
    era: str
    old_codes: tuple[str, ...]
    new_codes: tuple[str, ...]
    old_province: str | None
    new_province: str | None
    words: str
    confidence: float
