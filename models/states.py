"""States of a case, the moves between them, and the reasons for which a story is rejected. Codes only; the pages
have the words."""

from models.errors import DiembaoError

MOVES: dict[str, tuple[str, ...]] = {
    "moi": ("dang_xac_minh", "da_chuyen", "khong_phai"),
    "dang_xac_minh": ("da_chuyen", "dang_can_thiep", "khong_phai"),
    "da_chuyen": ("dang_can_thiep", "theo_doi", "dong", "khong_phai"),
    "dang_can_thiep": ("da_chuyen", "theo_doi", "dong"),
    "theo_doi": ("dang_can_thiep", "dong"),
    "dong": ("theo_doi",),
    "khong_phai": ("dang_xac_minh",),
}
FIRST = "moi"
NEED_REASON = frozenset({"dong", "khong_phai"})
"""Ending a case, and taking it up again from an end, is explained."""

CLOSED = "dong"
CLOSING = ("chuyen_xa", "danh_gia", "ke_hoach", "cong_an", "giam_dinh", "bao_cao", "danh_tinh")
"""What is gone through before a case is closed: each item done, or not needed and why."""

REJECT_REASONS = (
    "khong_lien_quan",
    "nguoi_lon",
    "tai_nan",
    "chinh_sach",
    "nuoc_ngoai",
    "vu_cu",
    "trung",
    "tin_sai",
    "khac",
)


class MoveError(DiembaoError):
    """A step that the table of moves does not have, or one without the reason that it needs."""


def check_move(before: str, after: str, reason: str | None) -> None:
    if after not in MOVES.get(before, ()):
        message = f"không có bước từ «{before}» sang «{after}»"
        raise MoveError(message)
    if (after in NEED_REASON or before in NEED_REASON) and not (reason or "").strip():
        message = f"bước từ «{before}» sang «{after}» cần ghi lý do"
        raise MoveError(message)
