"""The day's list in its sections: what is urgent on our territory first, what needs no decision last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from classifier.calling import places_of
from models import words
from models.clock import day_of
from models.store.reading import Item, StoryView
from pipeline.place_words import PlaceWords, covers, place_words
from review_ui.marks import SPAN, Piece, pieces, spans_of

URGENT = "can_xem_ngay"
"""Here runs the clock of emergency measures: 12 hours (Decree 56/2017, articles 26, 31 and 32)."""

SECTIONS = (
    (URGENT, "Cần xem ngay"),
    ("moi", "Vụ việc mới trên địa bàn"),
    ("dien_bien", "Diễn biến vụ đã theo dõi"),
    ("ngoai", "Ngoài địa bàn"),
    ("tai_nan", "Tai nạn"),
    ("chinh_sach", "Chính sách"),
    ("khac", "Khác: máy không còn đề nghị xem"),
)
TO_DECIDE = frozenset({URGENT, "moi", "dien_bien", "ngoai"})
ASIDE = frozenset({"tai_nan", "chinh_sach"})
"""What asks for no decision: its rows have no buttons."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Row:
    """One story as the list shows it. `new_items` came on the days shown, to a story of an earlier day.

    `inside`: on the territory, off it, or None where it cannot be told. `names`: words that any article of the story
    gives away.
    """

    story: StoryView
    section: str
    headline: str
    types: tuple[str, ...]
    place: PlaceWords
    inside: bool | None
    left: bool
    new_items: int
    names: frozenset[str] = frozenset()

    @property
    def lead(self) -> Item:
        return self.story.lead

    @property
    def outlets(self) -> int:
        return len({item.outlet_id for item in self.story.items})

    @property
    def first(self) -> Item:
        return self.story.items[0]

    @property
    def exposing(self) -> int:
        """How many of the articles let a reader know the child."""
        verdicts = (item.verdict for item in self.story.items if item.verdict is not None)
        return sum(1 for verdict in verdicts if any(len(span) == SPAN for span in verdict.exposes_child))

    @property
    def title(self) -> list[Piece]:
        """The paper's headline with what exposes a child masked."""
        return masked_title(self.lead, self.names)


def masked_title(item: Item, names: Iterable[str]) -> list[Piece]:
    """`names`: see `Row`."""
    spans = [] if item.verdict is None else spans_of(item.verdict.exposes_child, "title")
    return pieces(item.title, (), [*spans, *places_of(item.title, sorted(names))])


def chosen_types(story: StoryView) -> tuple[str, ...]:
    """The types that a person confirmed, else those that the model names."""
    if story.decision is not None and story.decision.types is not None:
        return story.decision.types
    verdict = story.lead.verdict
    return () if verdict is None else words.named_types(verdict.types)


def headline(story: StoryView) -> str:
    verdict = story.lead.verdict
    if verdict is None:
        return "Tin chưa chấm"
    return words.neutral_headline(
        verdict.kind, chosen_types(story), age=verdict.age, sex=verdict.sex, setting=verdict.setting
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the list is made: their id, the places their list is about, and whether they see those alone."""

    user_id: int
    territory: tuple[str, ...] = ()
    confined: bool = False

    def may_see(self, story: StoryView) -> bool:
        """A story whose place cannot be told is seen by everybody: better twice than by nobody."""
        return not self.confined or any(covers(self.territory, item.place) is not False for item in story.items)


def to_row(story: StoryView, first: date, last: date, reader: Reader, names: frozenset[str] = frozenset()) -> Row:
    new_items = sum(1 for item in story.items if first <= item.day <= last) if story.day < first else 0
    inside = covers(reader.territory, story.lead.place)
    section = _section(story, first, inside)
    return Row(
        story=story,
        section=section,
        headline=headline(story),
        types=chosen_types(story),
        place=place_words(story.lead.place),
        inside=inside,
        left=section in TO_DECIDE and _undecided(story, first, last, reader),
        new_items=new_items,
        names=names,
    )


def _undecided(story: StoryView, first: date, last: date, reader: Reader) -> bool:
    """Open until somebody decides. What one person was not sure of stays open for a second one; what was not rejected
    opens again when a later day brings new articles.
    """
    decision = story.decision
    if decision is None or (decision.action == "unsure" and decision.user_id != reader.user_id):
        return True
    if decision.action == "reject" or day_of(decision.at) >= first:
        return False
    return any(first <= item.day <= last for item in story.items)


def _section(story: StoryView, first: date, inside: bool | None) -> str:
    verdict = story.lead.verdict
    kind = None if verdict is None else verdict.kind
    if not any(item.verdict is not None and item.verdict.flag for item in story.items):
        decided = story.decision is not None and story.decision.action == "confirm"
        if not decided:
            return kind if kind in ("tai_nan", "chinh_sach") else "khac"
    if inside is False:
        return "ngoai"
    if story.danger_now and story.day >= first:
        return URGENT
    return "dien_bien" if story.day < first or story.case is not None else "moi"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """By section, then the likeliest first, the earlier story before the later one."""
    place = {code: number for number, (code, _) in enumerate(SECTIONS)}
    return sorted(rows, key=lambda row: (place[row.section], -row.lead.score, row.story.id))


def by_section(rows: Sequence[Row]) -> list[tuple[str, str, list[Row]]]:
    """(code, title, rows) of the sections that hold something."""
    found = [(code, title, [row for row in rows if row.section == code]) for code, title in SECTIONS]
    return [section for section in found if section[2]]
