"""A story in our own words: headline and summary made from its facts alone.

No word of a newspaper goes in, only codes, place names of the gazetteer, titles of outlets and times. So nothing that
identifies a child, tells of a sexual act or of a way to die can come out. What is not known is not said; what is said
is said as suspected ("nghi") and as reported ("theo báo").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models import words
from models.clock import VIET_NAM

LONGEST_HEADLINE = 90
INCIDENTS = frozenset({"vu_viec", "xet_xu"})
NAMED_OUTLETS = 3
NOT_CHILD = "16_17"
"""A person of 16 or 17 is not a child by the Law on Children (Art. 1), but under 18 and as well protected here."""


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What is known of a story. Codes as in models.records; None, empty or "khong_ro" is unknown.

    `place` is as staff call it, never finer than a commune. `outlets` are titles, the earliest first; `articles` counts
    them all. `age` is that of the youngest child.
    """

    kind: str | None = None
    types: tuple[str, ...] = ()
    stage: str | None = None
    age: str | None = None
    sex: str | None = None
    victims: int | None = None
    relation: str | None = None
    setting: str | None = None
    danger_now: bool | None = None
    place: str = ""
    outlets: tuple[str, ...] = ()
    articles: int = 1
    published: datetime | None = None


_DONE_BY = {
    "bao_luc": "có hành vi bạo lực với",
    "xam_hai_tinh_duc": "xâm hại tình dục",
    "boc_lot": "bóc lột",
    "mua_ban_bat_coc": "mua bán hoặc bắt cóc",
    "bo_roi_bo_mac": "bỏ rơi hoặc bỏ mặc",
    "tuoc_doat_tinh_mang": "tước đoạt tính mạng",
    "vi_pham_quyen_khac": "vi phạm quyền của",
}
_SUFFERED = {
    "bao_luc": "bạo lực",
    "xam_hai_tinh_duc": "xâm hại tình dục",
    "boc_lot": "bóc lột",
    "mua_ban_bat_coc": "mua bán hoặc bắt cóc",
    "bo_roi_bo_mac": "bỏ rơi hoặc bỏ mặc",
    "tuoc_doat_tinh_mang": "tước đoạt tính mạng",
    "vi_pham_quyen_khac": "vi phạm quyền",
}
_BY = {
    "cha_me": "cha hoặc mẹ",
    "nguoi_than": "người thân",
    "thay_co": "người của nhà trường",
    "nguoi_trong_tre": "người trông trẻ",
    "nguoi_quen": "người quen",
    "nguoi_la": "người lạ",
    "tre_khac": "trẻ khác",
}
"""Who is suspected, by relation; a step-parent counts as a parent, school staff as the school."""
_WHERE = {
    "gia_dinh": "trong gia đình",
    "nha_truong_mam_non": "ở nhà trường, mầm non",
    "cong_dong": "ngoài cộng đồng",
    "tren_mang": "trên mạng",
    "co_so_tro_giup": "ở cơ sở trợ giúp",
    "noi_lam_viec": "ở nơi làm việc",
}
_OTHER = {
    "chinh_sach": "Chính sách, số liệu, tuyên truyền về trẻ em",
    "nuoc_ngoai": "Vụ việc ở nước ngoài",
    "tre_pham_toi": "Nghi trẻ em vi phạm pháp luật",
    "nguoi_lon": "Vụ việc có nạn nhân là người lớn",
}
_OTHER_TOLD = {
    "chinh_sach": "có tin về chính sách, số liệu hoặc tuyên truyền liên quan đến trẻ em",
    "nuoc_ngoai": "có tin về một vụ việc ở nước ngoài",
    "tre_pham_toi": "có tin về việc nghi trẻ em vi phạm pháp luật",
    "nguoi_lon": "có tin về một vụ việc có nạn nhân là người lớn",
}
_STAGE_START = {"truy_to_xet_xu": "Truy tố, xét xử vụ nghi", "sau_xu_ly": "Sau xử lý vụ nghi"}
_STAGE_TOLD = {
    "tin_ban_dau": "Đây mới là tin ban đầu, bài chưa nêu kết luận của cơ quan chức năng.",
    "dang_xac_minh_dieu_tra": "Theo báo, cơ quan chức năng đang xác minh, điều tra.",
    "truy_to_xet_xu": "Theo báo, vụ việc đang ở giai đoạn truy tố, xét xử.",
    "sau_xu_ly": "Theo báo, vụ việc đã qua xử lý; tin nói về những việc sau đó.",
}
_UNVERIFIED = "Thông tin từ báo chí, chưa xác minh."
_SELF_NAMED = (
    "báo ",
    "thời báo",
    "nhật báo",
    "tuần báo",
    "tạp chí",
    "tạp san",
    "đài",
    "cổng",
    "trang",
    "thông tấn",
    "truyền hình",
)


def neutral_headline(facts: StoryFacts) -> str:
    """One line of at most 90 characters; of the ways to say it, the fullest that fits."""
    if not _is_incident(facts):
        return _other_headline(facts)
    start = "Nghi"
    if facts.kind == "xet_xu":
        start = _STAGE_START.get(facts.stage or "", "Diễn biến vụ nghi")
    act = next((code for code in facts.types if code in _SUFFERED), None)
    where = _WHERE.get(facts.setting or "", "")
    child, bare = _child(facts), _child(facts, details=False)
    tries = [(True, child, where), (True, child, ""), (False, child, where), (False, child, ""), (False, bare, "")]
    lines = [_join(start, _event(facts, act, who, told=told), place) for told, who, place in tries]
    return next((line for line in lines if len(line) <= LONGEST_HEADLINE), lines[-1])


def neutral_summary(facts: StoryFacts) -> str:
    """Three to five short sentences: who reported what and when, where, what the authorities do, and that it is
    unverified."""
    told = [_told(facts), _where_told(facts)]
    if _is_incident(facts):
        told.append(_STAGE_TOLD.get(facts.stage or "", ""))
    elif facts.kind == "tai_nan":
        told.append("Chưa thấy bài nêu dấu hiệu bạo lực, xâm hại.")
    if facts.danger_now and (_is_incident(facts) or facts.kind == "tai_nan"):
        told.append("Theo nội dung bài, trẻ có thể đang gặp nguy hiểm.")
    told = [sentence for sentence in told if sentence]
    if len(told) == 1:
        told.append("Các chi tiết khác cần đọc trong bài.")
    return " ".join([*told, _UNVERIFIED])


def child_words(facts: StoryFacts, *, letter: str = "A") -> str:
    """The child as papers of ours call them: "Trẻ A (nữ, 13–15 tuổi)", "3 trẻ (nhỏ nhất 6–12 tuổi)"."""
    young = facts.age == NOT_CHILD
    details = _details(facts)
    who = f"{'Em' if young else 'Trẻ'} {letter}"
    if count := _count(facts):
        who = f"{count} {'người chưa thành niên' if young else 'trẻ'}"
    return f"{who} ({details})" if details else who


def clock_words(moment: datetime) -> str:
    """06:42 ngày 21/11/2026, as it is in Viet Nam."""
    return f"{moment.astimezone(VIET_NAM):%H:%M ngày %d/%m/%Y}"


def outlet_words(outlets: Iterable[str]) -> str:
    """ "báo X", "báo X và Tạp chí Y", "5 báo (X, Y, Z và 2 báo khác)"; "báo chí" for none."""
    titles = list(dict.fromkeys(title.strip() for title in outlets if title.strip()))
    if not titles:
        return "báo chí"
    if len(titles) <= NAMED_OUTLETS - 1:
        return " và ".join(t if t.lower().startswith(_SELF_NAMED) else f"báo {t}" for t in titles)
    rest = len(titles) - NAMED_OUTLETS
    named = ", ".join(titles[:NAMED_OUTLETS])
    return f"{len(titles)} báo ({named} và {rest} báo khác)" if rest else f"{len(titles)} báo ({named})"


def _is_incident(facts: StoryFacts) -> bool:
    return facts.kind in INCIDENTS or (facts.kind in (None, "khac") and any(code in _SUFFERED for code in facts.types))


def _other_headline(facts: StoryFacts) -> str:
    if facts.kind == "tai_nan":
        line = f"Tai nạn, sự cố với {_child(facts)}"
        return line if len(line) <= LONGEST_HEADLINE else "Tai nạn, sự cố với trẻ"
    return _OTHER.get(facts.kind or "", "Tin cần người đọc xem lại")


def _event(facts: StoryFacts, act: str | None, child: str, *, told: bool) -> str:
    """The act in the active voice where the suspect's relation is known and to be told, else in the passive."""
    by = _BY.get(facts.relation or "") if told else None
    if by is None:
        return f"{child} bị {_SUFFERED.get(act or '', 'xâm hại')}"
    return f"{by} {_DONE_BY.get(act or '', 'xâm hại')} {child}"


def _count(facts: StoryFacts) -> str:
    """How many children, empty for one; children of both sexes are two at least."""
    if facts.victims is not None:
        return words.number(facts.victims) if facts.victims > 1 else ""
    return "ít nhất 2" if facts.sex == "ca_hai" else ""


def _child(facts: StoryFacts, *, details: bool = True) -> str:
    """The child inside a headline: "trẻ nữ 13–15 tuổi", "3 trẻ (cả nam và nữ, nhỏ nhất 6–12 tuổi)"."""
    count = _count(facts)
    who = _join(count, "người chưa thành niên" if facts.age == NOT_CHILD else "trẻ")
    if not details:
        return who
    if count or facts.age == NOT_CHILD:
        found = _details(facts)
        return f"{who} ({found})" if found else who
    return _join(who, _sex(facts), _known(words.AGE, facts.age))


def _details(facts: StoryFacts) -> str:
    age = _known(words.AGE, facts.age)
    if age and _count(facts) and facts.age != NOT_CHILD:
        age = f"nhỏ nhất {age}"
    return ", ".join(part for part in (_sex(facts), age) if part)


def _sex(facts: StoryFacts) -> str:
    """Empty where it is unknown, and where one child is said to be of both sexes."""
    return "" if facts.sex == "ca_hai" and not _count(facts) else _known(words.SEX, facts.sex).lower()


def _told(facts: StoryFacts) -> str:
    source = f"Theo {outlet_words(facts.outlets)}"
    if facts.published is not None:
        source += f", {'bài sớm nhất' if facts.articles > 1 else 'đăng'} lúc {clock_words(facts.published)}"
    if _is_incident(facts):
        acts = [code for code in facts.types if code in _SUFFERED]
        if len(acts) > 1:
            said = " và ".join([", ".join(_SUFFERED[code] for code in acts[:-1]), _SUFFERED[acts[-1]]])
            by = _BY.get(facts.relation or "")
            what = f"nghi {child_words(facts)} bị {said}" + (f", người bị nghi là {by}" if by else "")
        else:
            what = f"nghi {_event(facts, acts[0] if acts else None, child_words(facts), told=True)}"
    elif facts.kind == "tai_nan":
        what = f"có tai nạn hoặc sự cố với {child_words(facts)}"
    else:
        what = _OTHER_TOLD.get(facts.kind or "", "có tin cần người đọc xem lại")
    return f"{source}, {what}."


def _where_told(facts: StoryFacts) -> str:
    place = facts.place.strip().rstrip(".")
    setting = _WHERE.get(facts.setting or "", "") if _is_incident(facts) else ""
    if not place:
        return f"Sự việc được cho là xảy ra {setting}." if setting else ""
    return f"Nơi xảy ra theo bài: {place}{f', {setting}' if setting else ''}."


def _known(table: dict[str, str], code: str | None) -> str:
    return "" if code in (None, "khong_ro") else table.get(code or "", "")


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
