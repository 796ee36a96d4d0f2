"""What is known of a case, each fact with its source: what the forms are filled from.

No identity of a child is a field here: name, birth date, parents and address are left to the commune's own worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import words
from models.store import answers, cases, leads, reading
from models.store.cases import CaseView, Step
from models.store.places import BY_HAND
from models.store.reading import Item
from models.tables import ArticleVersion, Verdict
from pipeline.case_facts import ORIGIN, facts_of_case, place_of_case, received_at
from pipeline.desks import desk_of, desk_words, directory_for
from pipeline.documents.fields import UNKNOWN, DocumentError, Field, Source
from pipeline.facts import facts_of
from pipeline.lead_words import OUTCOME
from pipeline.masking import masked, masked_words, proper, reproached
from pipeline.neutral import StoryFacts, child_words, clock_words, neutral_headline, neutral_summary
from pipeline.story_names import Words, names_of_case

SYSTEM = "Ghi nhận của hệ thống"
DIRECTORY = Source("Danh bạ đầu mối của cơ quan")


@dataclass(frozen=True, slots=True)
class Cited:
    """One article as a document cites it. `exposed` tells where it identifies the child ("tiêu đề", "đoạn 3")."""

    number: int
    outlet_id: str
    outlet: str
    url: str
    author: str
    published: str
    fetched: str
    version: int
    sha256: str
    exposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    code: str
    facts: StoryFacts
    headline: str
    summary: Field
    received: Field
    confirmed: Field
    acts: Field
    child: Field
    age: Field
    sex: Field
    victims: Field
    place: Field
    desk: Field
    contacts: Field
    gaps: Field
    setting: Field
    relation: Field
    stage: Field
    danger: Field
    steps: tuple[Step, ...]
    articles: tuple[Cited, ...]
    channel: str = "báo chí"
    result: Field = UNKNOWN


def case_file(session: Session, case_id: int) -> CaseFile:
    """Raises NotThereError for a case that does not exist, DocumentError for one of which nothing is known."""
    case = cases.one_case(session, case_id)
    if not case.stories:
        return _by_hand(session, case)
    items = sorted((item for story in case.stories for item in story.items), key=_moment)
    versions = {item.id: reading.version(session, item.shown_id) for item in items}
    verdicts = {item.id: session.get_one(Verdict, item.verdict.id) for item in items if item.verdict is not None}
    cited = tuple(
        _cited(number, item, versions[item.id], verdicts.get(item.id)) for number, item in enumerate(items, 1)
    )
    numbers = {item.id: number for number, item in enumerate(items, 1)}
    names = names_of_case(session, case.stories)
    story = case.stories[0]
    desk = desk_words(desk_of(directory_for(session, [story.lead.place]), story.lead.place))
    facts = facts_of(story)
    lead = story.lead
    read = _machine(lead, versions[lead.id], verdicts.get(lead.id), numbers[lead.id], names)
    decided = story.decision
    person = None if decided is None else Source(f"Cán bộ xác nhận ({decided.by}, {clock_words(decided.at)})")
    acts = ", ".join(words.word(words.TYPES, code).lower() for code in facts.types)
    return CaseFile(
        code=case.code,
        facts=facts,
        headline=neutral_headline(facts),
        summary=Field(neutral_summary(facts), read),
        received=_received(items, numbers),
        confirmed=UNKNOWN if decided is None else Field(clock_words(decided.at), person),
        acts=Field(f"nghi {acts}", person if decided is not None and decided.types else read) if acts else UNKNOWN,
        child=Field(child_words(facts), read),
        age=_said(words.AGE, facts.age, read),
        sex=_said(words.SEX, facts.sex, read),
        victims=UNKNOWN if facts.victims is None else Field(str(facts.victims), read),
        place=_place(items, numbers, versions, facts, names),
        desk=Field(desk.desks, DIRECTORY) if desk.short else UNKNOWN,
        contacts=Field(desk.contacts, DIRECTORY) if desk.contacts else UNKNOWN,
        gaps=Field(" ".join(desk.warnings), DIRECTORY) if desk.warnings else UNKNOWN,
        setting=_said(words.SETTING, facts.setting, read),
        relation=_said(words.RELATION, facts.relation, read),
        stage=_said(words.STAGE, facts.stage, read),
        danger=_danger(facts, read),
        steps=case.steps,
        articles=cited,
        result=_result(session, case_id),
    )


def _by_hand(session: Session, case: CaseView) -> CaseFile:
    """A case that a person entered: everything has that person's word as its source, and no article is cited."""
    if not case.facts:
        raise DocumentError(f"Vụ việc {case.code} chưa có tin nào để lập văn bản")
    facts = facts_of_case(case)
    place = place_of_case(case)
    desk = desk_words(desk_of(directory_for(session, [place]), place))
    channel = ORIGIN[case.origin].lower()
    said = Source(f"Cán bộ nhập ({case.opened_by}, {clock_words(case.opened_at)})")
    acts = ", ".join(words.word(words.TYPES, code).lower() for code in facts.types)
    headline = neutral_headline(facts)
    return CaseFile(
        code=case.code,
        facts=facts,
        headline=headline,
        summary=Field(f"Theo tin tiếp nhận qua {channel}: {headline}. Thông tin chưa xác minh.", said),
        received=Field(clock_words(received_at(case)), said),
        confirmed=Field(clock_words(case.opened_at), said),
        acts=Field(f"nghi {acts}", said) if acts else UNKNOWN,
        child=Field(child_words(facts), said),
        age=_said(words.AGE, facts.age, said),
        sex=_said(words.SEX, facts.sex, said),
        victims=UNKNOWN if facts.victims is None else Field(str(facts.victims), said),
        place=Field(facts.place, said) if facts.place else UNKNOWN,
        desk=Field(desk.desks, DIRECTORY) if desk.short else UNKNOWN,
        contacts=Field(desk.contacts, DIRECTORY) if desk.contacts else UNKNOWN,
        gaps=Field(" ".join(desk.warnings), DIRECTORY) if desk.warnings else UNKNOWN,
        setting=_said(words.SETTING, facts.setting, said),
        relation=_said(words.RELATION, facts.relation, said),
        stage=_said(words.STAGE, facts.stage, said),
        danger=_danger(facts, said),
        steps=case.steps,
        articles=(),
        channel=channel,
        result=_result(session, case.id),
    )


def _result(session: Session, case_id: int) -> Field:
    """The newest decision or result that a desk answered; what nobody answered is not known."""
    lines = {line.id: line for line in leads.of_case(session, [case_id])}
    said = [
        one
        for every in answers.of_leads(session, list(lines)).values()
        for one in every
        if one.kind in ("decision", "result")
    ]
    if not said:
        return UNKNOWN
    newest = max(said, key=lambda one: (one.happened_at, one.at))
    line = lines[newest.lead_id]
    number = f", văn bản số {newest.reference}" if newest.reference else ""
    text = (
        f"{line.recipient}: {words.word(OUTCOME, newest.outcome).lower()} ({clock_words(newest.happened_at)}{number})."
    )
    return Field(text, Source(f"Trả lời nguồn tin {line.code} ({newest.by}, ghi {clock_words(newest.at)})"))


def _moment(item: Item) -> tuple[datetime, int]:
    return item.first_seen_at, item.id


def _cited(number: int, item: Item, version: ArticleVersion, verdict: Verdict | None) -> Cited:
    return Cited(
        number=number,
        outlet_id=item.outlet_id,
        outlet=item.outlet,
        url=item.url,
        author=version.author or "",
        published="" if item.published_at is None else clock_words(item.published_at),
        fetched=clock_words(version.fetched_at),
        version=version.number,
        sha256=version.sha256,
        exposed=() if verdict is None else _where(verdict, version),
    )


def _where(verdict: Verdict, version: ArticleVersion) -> tuple[str, ...]:
    """Places of the article in which the child can be known, without repeating what stands there."""
    found = []
    for name, start, _ in sorted(reproached(verdict.exposes_child), key=lambda span: (_ORDER.get(span[0], 9), span[1])):
        if name == "text":
            paragraph = version.body.count("\n", 0, start) + 1
            found.append(f"đoạn {paragraph} của bài")
        elif name in _ORDER:
            found.append({"title": "tiêu đề", "sapo": "phần mở đầu (sapo)"}[name])
    return tuple(dict.fromkeys(found))


_ORDER = {"title": 0, "sapo": 1, "text": 2}


def _machine(item: Item, version: ArticleVersion, verdict: Verdict | None, number: int, names: Words) -> Source:
    """What the model read from the article, with the sentences that it relied on; `names` are hidden in them."""
    says = f"Máy đọc từ bài số {number} ({item.outlet}), bản {version.number}"
    if verdict is None:
        return Source(says)
    quotes = [masked(version, span, verdict.exposes_child, names) for span in proper(verdict.evidence)]
    return Source(f"{says}, mô hình {verdict.model}", " […] ".join(f"«{quote}»" for quote in quotes if quote))


def _received(items: Sequence[Item], numbers: dict[int, int]) -> Field:
    first = min(items, key=_moment, default=None)
    if first is None:
        return UNKNOWN
    return Field(clock_words(first.first_seen_at), Source(f"{SYSTEM}: lúc tải bài số {numbers[first.id]} lần đầu"))


def _place(
    items: Sequence[Item],
    numbers: dict[int, int],
    versions: dict[int, ArticleVersion],
    facts: StoryFacts,
    names: Words,
) -> Field:
    if not facts.place:
        return UNKNOWN
    if any(item.place is not None and item.place.finder == BY_HAND for item in items):
        return Field(facts.place, Source("Cán bộ sửa nơi xảy ra"))
    found = next((item for item in items if item.place is not None and item.place.words), None)
    if found is None or found.place is None:
        return Field(facts.place, Source("Máy tìm địa danh trong bài"))
    exposed = [] if found.verdict is None else found.verdict.exposes_child
    quote = f"«{masked_words(versions[found.id], found.place.words, exposed, names)}»"
    return Field(facts.place, Source(f"Máy tìm địa danh trong bài số {numbers[found.id]} ({found.outlet})", quote))


def _said(table: dict[str, str], code: str | None, source: Source) -> Field:
    if code in (None, "khong_ro") or code not in table:
        return UNKNOWN
    return Field(table[code], source)


def _danger(facts: StoryFacts, source: Source) -> Field:
    if facts.danger_now is None:
        return UNKNOWN
    text = "theo bài, trẻ có thể đang gặp nguy hiểm" if facts.danger_now else "bài không nêu trẻ đang gặp nguy hiểm"
    return Field(text, source)
