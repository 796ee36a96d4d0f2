"""What staff read instead of codes: Vietnamese words, numbers and times. One list for pages, files and digests."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from models.clock import VIET_NAM, day_of

COUNTS = 0.5
"""A type whose probability reaches this is named."""

KIND = {
    "vu_viec": "Vụ việc",
    "xet_xu": "Xét xử, xử lý",
    "chinh_sach": "Chính sách, tuyên truyền",
    "nuoc_ngoai": "Nước ngoài",
    "tai_nan": "Tai nạn",
    "tre_pham_toi": "Trẻ vi phạm pháp luật",
    "nguoi_lon": "Người lớn là nạn nhân",
    "khac": "Khác",
}
TYPES = {
    "bao_luc": "Bạo lực",
    "xam_hai_tinh_duc": "Xâm hại tình dục",
    "boc_lot": "Bóc lột",
    "mua_ban_bat_coc": "Mua bán, bắt cóc",
    "bo_roi_bo_mac": "Bỏ rơi, bỏ mặc",
    "tuoc_doat_tinh_mang": "Tước đoạt tính mạng",
    "vi_pham_quyen_khac": "Vi phạm quyền khác",
}
SETTING = {
    "gia_dinh": "Gia đình",
    "nha_truong_mam_non": "Nhà trường, mầm non",
    "cong_dong": "Cộng đồng",
    "tren_mang": "Trên mạng",
    "co_so_tro_giup": "Cơ sở trợ giúp",
    "noi_lam_viec": "Nơi làm việc",
    "khong_ro": "Chưa rõ",
}
STAGE = {
    "tin_ban_dau": "Tin ban đầu",
    "dang_xac_minh_dieu_tra": "Đang xác minh, điều tra",
    "truy_to_xet_xu": "Truy tố, xét xử",
    "sau_xu_ly": "Sau xử lý",
}
AGE = {
    "0_5": "0–5 tuổi",
    "6_12": "6–12 tuổi",
    "13_15": "13–15 tuổi",
    "16_17": "16–17 tuổi",
    "khong_ro": "Chưa rõ",
}
AGE_BASIS = {"stated": "bài nêu tuổi", "grade": "theo lớp học", "word": "theo cách gọi"}
"""How the age was found."""
SEX = {"nu": "Nữ", "nam": "Nam", "ca_hai": "Cả nam và nữ", "khong_ro": "Chưa rõ"}
RELATION = {
    "cha_me": "Cha, mẹ",
    "nguoi_than": "Người thân",
    "thay_co": "Thầy, cô giáo",
    "nguoi_trong_tre": "Người trông trẻ",
    "nguoi_quen": "Người quen",
    "nguoi_la": "Người lạ",
    "tre_khac": "Trẻ khác",
    "khong_ro": "Chưa rõ",
}
REASON = {
    "khong_lien_quan": "Không liên quan trẻ em",
    "nguoi_lon": "Người lớn là nạn nhân",
    "tai_nan": "Tai nạn",
    "chinh_sach": "Chính sách, tuyên truyền",
    "nuoc_ngoai": "Nước ngoài",
    "vu_cu": "Vụ cũ, không có tin mới",
    "trung": "Trùng",
    "tin_sai": "Tin sai",
    "khac": "Khác (ghi rõ)",
}
ACTION = {"confirm": "Xác nhận", "reject": "Bỏ qua", "unsure": "Chưa rõ", "undo": "Hoàn tác"}
CASE_STATE = {
    "moi": "Mới",
    "dang_xac_minh": "Đang xác minh",
    "da_chuyen": "Đã chuyển",
    "dang_can_thiep": "Đang can thiệp",
    "theo_doi": "Theo dõi",
    "dong": "Đóng",
    "khong_phai": "Không phải vụ việc",
}
ROLE = {"officer": "Cán bộ bảo vệ trẻ em", "liaison": "Đầu mối nhận nguồn tin", "admin": "Quản trị"}

WEEKDAY = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")

_ACT = {
    "bao_luc": "bạo lực với",
    "xam_hai_tinh_duc": "xâm hại tình dục",
    "boc_lot": "bóc lột",
    "mua_ban_bat_coc": "mua bán, bắt cóc",
    "bo_roi_bo_mac": "bỏ rơi, bỏ mặc",
    "tuoc_doat_tinh_mang": "tước đoạt tính mạng",
    "vi_pham_quyen_khac": "vi phạm quyền của",
}
_WHERE = {
    "gia_dinh": " trong gia đình",
    "nha_truong_mam_non": " ở nhà trường, mầm non",
    "cong_dong": " ngoài cộng đồng",
    "tren_mang": " trên mạng",
    "co_so_tro_giup": " ở cơ sở trợ giúp",
    "noi_lam_viec": " ở nơi làm việc",
}
_OTHER = {
    "chinh_sach": "Chính sách, số liệu, tuyên truyền về trẻ em",
    "nuoc_ngoai": "Vụ việc ở nước ngoài",
    "tai_nan": "Tai nạn, thương tích có trẻ em",
    "tre_pham_toi": "Trẻ em vi phạm pháp luật",
    "nguoi_lon": "Vụ việc có nạn nhân là người lớn",
}
DISPLAY_ORDER = (
    "xam_hai_tinh_duc",
    "tuoc_doat_tinh_mang",
    "bao_luc",
    "mua_ban_bat_coc",
    "bo_roi_bo_mac",
    "boc_lot",
    "vi_pham_quyen_khac",
)
"""Which of several types a headline names; all are kept and listed."""


def word(table: Mapping[str, str], code: str | None) -> str:
    """The word of a code; "Chưa rõ" for none, and the code itself where a newer model knows more than this list."""
    return "Chưa rõ" if code is None else table.get(code, code)


def named_types(types: Mapping[str, float]) -> tuple[str, ...]:
    """Codes of the types that count, gravest for display first."""
    chosen = [code for code, probability in types.items() if probability >= COUNTS]
    return tuple(sorted(chosen, key=lambda c: DISPLAY_ORDER.index(c) if c in DISPLAY_ORDER else len(DISPLAY_ORDER)))


def neutral_headline(
    kind: str | None,
    types: Iterable[str],
    *,
    age: str | None = None,
    sex: str | None = None,
    setting: str | None = None,
) -> str:
    """One line of ours in place of a paper's headline: the act, the child and the setting, nothing lurid, no name."""
    if kind in _OTHER:
        return _OTHER[kind]
    act = next((_ACT[code] for code in types if code in _ACT), None)
    child = "trẻ"
    if sex in ("nu", "nam"):
        child += f" {SEX[sex].lower()}"
    if age not in (None, "khong_ro"):
        child += f" {AGE.get(age, '')}".rstrip()
    start = "Diễn biến vụ" if kind == "xet_xu" else "Nghi"
    if act is None:
        return (
            f"{start} xâm hại {child}{_WHERE.get(setting or '', '')}" if kind in ("vu_viec", "xet_xu") else "Tin khác"
        )
    return f"{start} {act} {child}{_WHERE.get(setting or '', '')}"


def number(value: float) -> str:
    """1234 -> 1.234"""
    return f"{value:,.0f}".replace(",", ".")


def score(value: float) -> str:
    """0.974 -> 0,97; what is not quite certain never shows as 1,00."""
    return f"{min(value, 0.99):.2f}".replace(".", ",")


def day_words(day: date) -> str:
    return f"{WEEKDAY[day.weekday()]} {day:%d/%m/%Y}"


def exact(moment: datetime) -> str:
    """To the second, for the hover and for print."""
    return f"{moment.astimezone(VIET_NAM):%H:%M:%S ngày %d/%m/%Y} (giờ Việt Nam)"


def said(moment: datetime, now: datetime) -> str:
    """As people say it: "sáng nay 06:42", "hôm qua 18:05", "Thứ Năm 19/11 07:00", "19/11/2025 07:00"."""
    return said_on(moment, day_of(now))


def said_on(moment: datetime, today: date) -> str:
    """As `said`, on that day in Viet Nam."""
    local = moment.astimezone(VIET_NAM)
    days = (today - local.date()).days
    if days == 0:
        return f"{_part(local.hour)} nay {local:%H:%M}"
    if days == 1:
        return f"hôm qua {local:%H:%M}"
    if local.year == today.year:
        return f"{WEEKDAY[local.weekday()]} {local:%d/%m %H:%M}"
    return f"{local:%d/%m/%Y %H:%M}"


def _part(hour: int) -> str:
    for end, part in ((5, "rạng sáng"), (11, "sáng"), (13, "trưa"), (18, "chiều")):
        if hour < end:
            return part
    return "tối"


def duration(length: timedelta) -> str:
    """9:40 -> "9 giờ 40", 25 min -> "25 phút", 50 h -> "2 ngày 2 giờ"."""
    minutes = int(length.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} ngày {hours} giờ" if hours else f"{days} ngày"
    if hours:
        return f"{hours} giờ {minutes:02d}" if minutes else f"{hours} giờ"
    return f"{minutes} phút"
