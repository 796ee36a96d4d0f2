"""What the page of a case shows besides its stories: clocks now."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.store.cases import CaseView
from pipeline.case_standing import Rules, clocks_of
from pipeline.deadlines import limit_words
from review_ui.moments import field_value
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
