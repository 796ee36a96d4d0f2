"""The daily điểm báo as a record: what it says, before it becomes .docx, HTML or text.

Made from what persons decided: confirmed stories, and those that they put down as an accident or as policy. Stories
that nobody looked at are counted. No clock is read, so the same store gives the same record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from models import words
from models.clock import VIET_NAM
from models.session import Store
from models.store import reading
from models.store.reading import StoryView
from pipeline.deadlines import Clocks, due_at, read_clocks
from pipeline.facts import facts_of, place_of
from pipeline.neutral import StoryFacts, clock_words, neutral_headline, neutral_summary
from pipeline.papers_read import PapersRead, papers_read
from pipeline.place_words import covers
from pipeline.recall import certificate_words, certificates
from pipeline.urgency import Line, Situation, Urgency, load_table, rate

URGENT, FOLLOWED, ELSEWHERE, ACCIDENTS, POLICY = range(5)
TITLES = (
    "Vụ việc khẩn, mới trên địa bàn",
    "Diễn biến vụ việc đã theo dõi",
    "Ngoài địa bàn, cần lưu ý",
    "Tai nạn, thương tích",
    "Chính sách, dư luận",
)


PART = "Tính chung cho toàn hệ thống, không tính riêng cho một địa bàn."


@dataclass(frozen=True, slots=True)
class DigestRules:
    """What a deployment decides: its places (none: every place is ours), its clocks, its table of urgency."""

    territory: tuple[str, ...]
    clocks: Clocks
    urgency: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One article of a story: outlet, when it appeared, its address, and what is to be noted of it."""

    outlet: str
    published: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One story as printed; every field is Vietnamese text, empty where there is nothing to say."""

    story: int
    urgent: bool
    headline: str
    summary: str
    labels: str
    stage: str
    place: str
    trust: str
    advice: tuple[str, ...]
    unit: str
    due: str
    case: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Stories on the day's list: by what was decided, new ones and ones with a new article."""

    articles: int
    new: int
    updated: int
    confirmed: int
    rejected: int
    unsure: int
    unreviewed: int


@dataclass(frozen=True, slots=True)
class DigestContent:
    day: date
    coverage: PapersRead
    counts: Counts
    sections: tuple[tuple[Entry, ...], ...]
    certificates: tuple[str, ...]

    @property
    def entries(self) -> int:
        return sum(len(section) for section in self.sections)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "day": self.day.isoformat()}


def digest_from_json(raw: Mapping[str, Any]) -> DigestContent:
    """The record as it was kept with a draft."""
    coverage = raw["coverage"]
    return DigestContent(
        day=date.fromisoformat(raw["day"]),
        coverage=PapersRead(
            **{
                **coverage,
                "read": tuple((str(title), int(count)) for title, count in coverage["read"]),
                "failed": tuple((str(title), str(why)) for title, why in coverage["failed"]),
            }
        ),
        counts=Counts(**raw["counts"]),
        sections=tuple(tuple(_entry_from(entry) for entry in section) for section in raw["sections"]),
        certificates=tuple(raw["certificates"]),
    )


def _entry_from(raw: Mapping[str, Any]) -> Entry:
    return Entry(**{**raw, "advice": tuple(raw["advice"]), "papers": tuple(Paper(**paper) for paper in raw["papers"])})


def read_rules(data_dir: Path, territory: Sequence[str]) -> DigestRules:
    """Those that ship, with the deployment's own clocks.toml and urgency.toml where the data folder has them."""
    return DigestRules(tuple(territory), read_clocks(data_dir / "clocks.toml"), load_table(data_dir / "urgency.toml"))


def build_digest(
    store: Store, day: date, rules: DigestRules, *, sees: Callable[[StoryView], bool] | None = None
) -> DigestContent:
    """What the store says of the day's list now; the most urgent of a section first.

    `sees` makes it the part of somebody who may not read every story: others are neither told nor counted, and there
    is no certificate, which is counted over all.
    """
    with store.read() as session:
        coverage = papers_read(session, day)
        stories = reading.stories_between(session, day, day)
    stories = [story for story in stories if sees is None or sees(story)]
    sections: list[list[tuple[tuple[bool, int, int], Entry]]] = [[] for _ in TITLES]
    for story in stories:
        facts, inside = facts_of(story), covers(rules.territory, place_of(story))
        section = _section(story, facts, day, inside=inside)
        if section is not None:
            urgency = _urgency(story, facts, day, inside, rules)
            rank = (facts.danger_now is not True, -urgency.points, story.id)
            sections[section].append((rank, _entry(story, facts, section, urgency, rules.clocks)))
    return DigestContent(
        day=day,
        coverage=coverage,
        counts=_counts(stories, day),
        sections=tuple(tuple(entry for _, entry in sorted(section, key=lambda pair: pair[0])) for section in sections),
        certificates=(PART,) if sees else tuple(certificate_words(found) for found in certificates(store, day=day)),
    )


def _urgency(story: StoryView, facts: StoryFacts, day: date, inside: bool | None, rules: DigestRules) -> Urgency:
    """As of the end of the day, so that a digest made again says the same."""
    where = {True: "yes", False: "no", None: None}[inside]
    return rate(
        Situation(facts, where, story.first_seen_at, datetime.combine(day, time(23, 59, 59), VIET_NAM)), rules.urgency
    )


def _section(story: StoryView, facts: StoryFacts, day: date, *, inside: bool | None) -> int | None:
    """Where a reviewed story stands; None for one that is not reviewed or is none of ours."""
    if story.decision is None:
        return None
    if story.decision.action == "reject":
        return {"tai_nan": ACCIDENTS, "chinh_sach": POLICY}.get(story.decision.reason or "")
    if story.decision.action != "confirm":
        return None
    if not story.decision.types and facts.kind in ("tai_nan", "chinh_sach"):
        return ACCIDENTS if facts.kind == "tai_nan" else POLICY
    if facts.kind == "nuoc_ngoai" or inside is False:
        return ELSEWHERE
    return FOLLOWED if story.day < day or facts.kind == "xet_xu" else URGENT


def _entry(story: StoryView, facts: StoryFacts, place: int, urgency: Urgency, clocks: Clocks) -> Entry:
    ours = place in (URGENT, FOLLOWED)
    return Entry(
        story=story.id,
        urgent=place == URGENT and facts.danger_now is True,
        headline=neutral_headline(facts),
        summary=neutral_summary(facts),
        labels=_labels(facts, place),
        stage="" if place in (ACCIDENTS, POLICY) else words.word(words.STAGE, facts.stage),
        place=facts.place or ("" if place == POLICY else "chưa rõ"),
        trust="" if place == POLICY else _trust(story, facts),
        advice=_advice(facts, place),
        unit=_unit(facts) if ours else "",
        due=_due(story, facts, urgency, clocks) if place == URGENT else "",
        case="" if story.case is None else story.case[1],
        papers=_papers(story),
    )


def _labels(facts: StoryFacts, place: int) -> str:
    types = [words.word(words.TYPES, code) for code in facts.types] if place not in (ACCIDENTS, POLICY) else []
    known = [words.KIND.get(facts.kind or "", "") if not types else ""]
    for table, code in ((words.SETTING, facts.setting), (words.AGE, facts.age), (words.SEX, facts.sex)):
        if code not in (None, "khong_ro"):
            known.append(words.word(table, code))
    return " · ".join([*types, *(text for text in known if text)])


def _trust(story: StoryView, facts: StoryFacts) -> str:
    """How much stands behind it: papers that wrote for themselves, and whether an authority is at work."""
    own = len({item.outlet_id for item in story.items if item.reprint_of is None})
    official = facts.stage in ("dang_xac_minh_dieu_tra", "truy_to_xet_xu", "sau_xu_ly")
    if official and own > 1:
        return f"Cao: cơ quan chức năng đã vào cuộc, {own} báo tự đưa tin"
    if official:
        return "Khá: cơ quan chức năng đã vào cuộc, một báo đưa tin"
    return (
        f"Trung bình: tin ban đầu, {own} báo tự đưa tin"
        if own > 1
        else "Thấp: một báo đưa tin, chưa nêu cơ quan xác minh"
    )


def _advice(facts: StoryFacts, place: int) -> tuple[str, ...]:
    """Remarks that follow from the facts by rules of ours; a person adds to them before approval."""
    if place == ELSEWHERE:
        return ("Để biết; phối hợp nếu trẻ hoặc người bị nghi cư trú trên địa bàn.",)
    if place == FOLLOWED:
        return ("Cập nhật hồ sơ; đối chiếu với kết quả của đơn vị đã được chuyển tin.",)
    if place != URGENT:
        return ()
    found = []
    if facts.danger_now:
        found.append("Xác minh ngay, xem xét biện pháp can thiệp khẩn cấp (NĐ 56/2017 Đ26.3, Đ31.2).")
    if "xam_hai_tinh_duc" in facts.types:
        found.append("Cân nhắc kiến nghị khởi tố và thông báo Viện kiểm sát khi có tài liệu (TTLT 01/2022 Đ8.2).")
    if facts.setting == "tren_mang" and not facts.place:
        found.append("Chưa rõ nơi xảy ra: đề nghị Tổng đài 111 và công an xác định địa bàn.")
    if facts.setting == "nha_truong_mam_non":
        found.append("Sao gửi cơ quan quản lý giáo dục.")
    return tuple(found) or ("Chuyển tin để xác minh (NĐ 56/2017 Đ25–26).",)


def _unit(facts: StoryFacts) -> str:
    return "UBND cấp xã nơi xảy ra; công an" if facts.place else "Tổng đài 111; công an (chưa rõ nơi xảy ra)"


def _due(story: StoryView, facts: StoryFacts, urgency: Urgency, clocks: Clocks) -> str:
    """The clocks that run from the fetch of the earliest article: the cautious reading of "from receipt"."""
    start = story.first_seen_at
    wanted = (["khan_cap"] if facts.danger_now else []) + (["bao_cao_vu_viec"] if urgency.grave else [])
    lines = []
    for code in wanted:
        clock = clocks.by_code[code]
        due = due_at(clock, start, clocks.days, now=start).astimezone(VIET_NAM)
        lines.append(f"{clock.name}: trước {due:%H:%M ngày %d/%m/%Y}")
    return "; ".join(lines) or "Chuyển ngay"


def _papers(story: StoryView) -> tuple[Paper, ...]:
    items = sorted(story.items, key=lambda item: (item.published_at or item.first_seen_at, item.id))
    return tuple(
        Paper(
            outlet=item.outlet,
            published="" if item.published_at is None else clock_words(item.published_at),
            url=item.url,
            note="báo đã gỡ bài" if item.page == "gone" else "đăng lại" if item.reprint_of is not None else "",
        )
        for item in items
    )


def _counts(stories: Sequence[StoryView], day: date) -> Counts:
    said = [None if story.decision is None else story.decision.action for story in stories]
    return Counts(
        articles=len({item.id for story in stories for item in story.items if item.day == day}),
        new=sum(story.day == day for story in stories),
        updated=sum(story.day != day for story in stories),
        confirmed=said.count("confirm"),
        rejected=said.count("reject"),
        unsure=said.count("unsure"),
        unreviewed=said.count(None),
    )
