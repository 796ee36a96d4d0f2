"""What the page of a case shows besides its stories: clocks, work, likely duplicates, the line of time."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.store import case_merge, case_work, cases, leads, recipients
from models.store.cases import CaseView
from pipeline.case_facts import ORIGIN, case_headline, facts_of_case, place_of_case
from pipeline.case_standing import Rules, clocks_of
from pipeline.case_timeline import timeline
from pipeline.deadlines import limit_words
from pipeline.desks import desk_of, directory_for, territory_words
from pipeline.duplicates import NEAR, duplicates
from pipeline.lead_words import STATE
from pipeline.neutral import child_words
from pipeline.place_words import place_words
from review_ui.moments import field_value
from review_ui.sections import Reader
from review_ui.territory import may_see_case
from review_ui.views.case_work import CLOSING_WORDS, STAFF
from review_ui.views.clocks import EVENTS, HOW

STARTS_SAID = {
    "received": "lúc hệ thống có tin",
    "confirmed": "lúc cán bộ xác nhận",
    "phoned": "lúc báo qua điện thoại",
    "sent": "lúc gửi công an",
    "police_received": "lúc công an tiếp nhận",
    "assessed": "lúc đánh giá nguy cơ",
    "plan_drafted": "lúc lập kế hoạch",
    "separated": "lúc quyết định cách ly",
    "result": "lúc có quyết định",
}


def clock_values(session: Session, case: CaseView, rules: Rules, *, now: datetime) -> dict[str, Any]:
    [clocks] = clocks_of(session, [case], rules, now=now)
    return {
        "clocks": clocks,
        "limit_words": limit_words,
        "field_value": field_value,
        "STARTS_SAID": STARTS_SAID,
        "EVENTS": EVENTS,
        "HOW": HOW,
    }


def work_values(session: Session, case: CaseView, rules: Rules, reader: Reader) -> dict[str, Any]:
    near = cases.opened_between(session, case.opened_at - NEAR, case.opened_at + NEAR)
    others = [other for other in near if may_see_case(other, reader)]
    place = place_of_case(case)
    return {
        "leads": leads.of_case(session, list(case_merge.family(session, [case.id]))),
        "LEAD_STATE": STATE,
        "recipients": recipients.active(session),
        "tasks": case_work.tasks(session, case.id),
        "watchers": case_work.watchers(session, case.id),
        "checks": case_work.checks(session, case.id),
        "CLOSING": CLOSING_WORDS,
        "staff": case_work.staff(session, STAFF),
        "likely": duplicates(case, others, case_merge.apart_from(session, case.id)),
        "merged": case_merge.merged(session, case.id),
        "entries": timeline(session, case, rules.clocks),
        "ORIGIN": ORIGIN,
        "title": case_headline(case),
        "place": place_words(place),
        "desk": desk_of(directory_for(session, [place]), place),
        "territory": territory_words(reader.territory, place),
        "facts": facts_of_case(case),
        "case_headline": case_headline,
        "child": child_words(facts_of_case(case)),
    }
