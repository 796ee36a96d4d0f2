"""Facts of a case, whether it came from the press or was entered by hand; a case of the press follows its stories."""

from datetime import datetime

from models.store.cases import CaseView
from pipeline.facts import facts_of
from pipeline.neutral import StoryFacts, neutral_headline
from pipeline.place_choice import Codes, codes_of
from pipeline.place_words import Located, place_words

ORIGIN = {
    "story": "Báo chí",
    "call": "Điện thoại, trực tiếp",
    "hotline": "Tổng đài 111",
    "collective": "Đoàn thể, tập thể",
    "other": "Nguồn khác",
}


def place_of_case(case: CaseView) -> Located | None:
    """Where it happened, by the first story that says it, else as entered by hand."""
    for story in case.stories:
        for item in (story.lead, *story.items):
            if item.place is not None and str(place_words(item.place)):
                return item.place
    ref = case.facts.get("place")
    return codes_of(str(ref)) if ref else None


def facts_of_case(case: CaseView) -> StoryFacts:
    """Of the first story; facts entered by hand fill what no story says."""
    if case.stories:
        return facts_of(case.stories[0])
    facts = case.facts
    place: Located | Codes | None = place_of_case(case)
    return StoryFacts(
        kind="vu_viec",
        types=tuple(facts.get("types", ())),
        stage="tin_ban_dau",
        age=facts.get("age"),
        sex=facts.get("sex"),
        victims=facts.get("victims"),
        relation=facts.get("relation"),
        setting=facts.get("setting"),
        danger_now=facts.get("danger_now"),
        place=str(place_words(place)),
        outlets=(),
        articles=0,
        published=None,
    )


def case_headline(case: CaseView) -> str:
    return neutral_headline(facts_of_case(case))


def received_at(case: CaseView) -> datetime:
    """When the agency had the information: the first fetch of an article, or what was noted by hand, if earlier."""
    moments = [story.first_seen_at for story in case.stories]
    if case.received_at is not None:
        moments.append(case.received_at)
    return min(moments, default=case.opened_at)


def confirmed_at(case: CaseView) -> datetime:
    """When a person said that it is one: the first confirmation in force, else the opening of the case."""
    said = [
        story.decision.at for story in case.stories if story.decision is not None and story.decision.action == "confirm"
    ]
    return min([*said, case.opened_at])
