"""Cases: the list, one case with its history, the next step."""

from starlette.responses import Response

from models.rights import Right
from models.states import MOVES
from models.store import audit, bells, cases
from pipeline.case_facts import case_headline, place_of_case
from pipeline.case_standing import read_rules
from review_ui.case_page import clock_values, work_values
from review_ui.followed import PROOF, follow, load_known
from review_ui.pages import Ask, go, page
from review_ui.territory import may_see_case
from review_ui.views.decide import NOTE


@page("/vu-viec", needs=Right.CASES)
def show_all(ask: Ask) -> Response:
    state = ask.query.get("trang_thai")
    state = state if state in MOVES else ""
    with ask.house.store.read() as session:
        found = cases.all_cases(session, state=state or None)
    found = [case for case in found if may_see_case(case, ask.reader)]
    return ask.page("cases.html", cases=found, state=state, case_headline=case_headline, place_of_case=place_of_case)


@page("/vu-viec/{id}", needs=Right.CASES)
def show(ask: Ask) -> Response:
    """Reading a case is on record: who, when, which."""
    case_id = ask.id()
    with ask.house.store.write() as session:
        case = cases.one_case(session, case_id)
        if case.merged_into is not None:
            return go(f"/vu-viec/{case.merged_into}")
        known = load_known(session, case)
        bells.see(session, case_id, user_id=ask.user.user_id, now=ask.now)
        rules = read_rules(ask.house.settings.data_dir)
        values = clock_values(session, case, rules, now=ask.now) | work_values(session, case, rules, ask.reader)
        audit.append(session, at=ask.now, action="case.read", user_id=ask.user.user_id, object=f"case/{case_id}")
    followed = follow(case, known, ask.house.settings.archive_dir)
    story_of = {item.id: story.id for story in case.stories for item in story.items}
    return ask.page(
        "case.html", case=case, followed=followed, story_of=story_of, names=known.names, PROOF=PROOF, **values
    )


@page("/vu-viec/{id}/buoc", method="POST", needs=Right.CASES)
def move(ask: Ask) -> Response:
    case_id = ask.id()
    with ask.house.store.write() as session:
        cases.move(
            session,
            case_id,
            ask.form.get("after"),
            seen=ask.form.get("seen"),
            reason=ask.form.get("reason", longest=NOTE) or None,
            user_id=ask.user.user_id,
            now=ask.now,
        )
    return go(f"/vu-viec/{case_id}")
