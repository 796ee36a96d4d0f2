"""Health of the papers: what was read, what was not and why, in plain words, and reading one again at once."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from models.clock import day_of
from models.errors import DiembaoError
from models.rights import Right
from models.store import audit, outlet_choices, outlets, runs
from models.store.reading import NotThereError
from pipeline.health import KIND, WELL
from pipeline.papers import added_papers, parse_added
from review_ui.outlet_rows import STATE, catalogue, counted, load_papers, rhythm
from review_ui.pages import Ask, go, page

JUST_READ = timedelta(minutes=1)
"""No paper is asked again sooner, however often somebody presses the button."""


class TooSoonError(DiembaoError):
    """The paper was read a moment ago, or is not to be read."""


@page("/bao", needs=Right.HEALTH)
def show(ask: Ask) -> Response:
    """All papers, those of one state (`tinh_trang`), or one in full (`bao`)."""
    declared, flaw = catalogue(ask.request.app.state, ask.house.settings.sources_dir)
    with ask.house.store.read() as session:
        choices = outlet_choices.choices(session)
        added = {id_: one.declaration for id_, one in choices.items() if one.declaration}
        declared = parse_added(added) | dict(declared)
        rows = load_papers(session, declared, ask.now)
        run = runs.latest(session)
        paused = {id_: choice for id_, choice in choices.items() if choice.paused}
    by_id = {row.view.id: row for row in rows}
    asked = by_id.get(ask.query.get("da"))
    values: dict[str, Any] = {
        "STATE": STATE,
        "KIND": KIND,
        "WELL": WELL,
        "rhythm": rhythm,
        "asked": asked,
    }
    if ask.query.get("bao"):
        row = by_id.get(ask.query.get("bao"))
        if row is None:
            raise NotThereError("Không có báo này")
        choice = paused.get(row.view.id)
        return ask.page("outlet.html", row=row, choice=choice, by_day=row.by_day(day_of(ask.now)), **values)
    state = ask.query.get("tinh_trang")
    state = state if state in STATE or state == "paused" else ""
    stopped = [row for row in rows if row.view.id in paused]
    rows = [row for row in rows if row.view.id not in paused]
    return ask.page(
        "outlets.html",
        rows=stopped
        if state == "paused"
        else [row for row in rows if (row.code == state if state else row.code != "unread")],
        stopped=len(stopped),
        never=[row for row in rows if row.code == "unread" and not state],
        counts=counted(rows),
        total=len(rows),
        state=state,
        last=max((row.view.last_good for row in rows if row.view.last_good), default=None),
        read=sum(1 for row in rows if row.code != "unread"),
        well=sum(1 for row in rows if row.code == "fine"),
        run=run,
        flaw=flaw,
        **values,
    )


@page("/bao/thu-ngay", method="POST", needs=Right.HEALTH)
def try_now(ask: Ask) -> Response:
    """Whoever reads all the time picks it up; else the next scan does. A host that asked for time still gets it."""
    outlet = ask.form.get("outlet")
    declared, _ = catalogue(ask.request.app.state, ask.house.settings.sources_dir)
    with ask.house.store.read() as session:
        declared = added_papers(session) | dict(declared)
    if outlet not in declared:
        raise NotThereError("Báo này không có trong danh mục nên máy không đọc")
    with ask.house.store.write() as session:
        if outlet in outlet_choices.paused(session):
            raise TooSoonError(f"báo {declared[outlet].title} đang tạm dừng, hãy bấm «Đọc tiếp» trước")
        polled = max((state.polled_at for state in outlets.states_of(session, outlet)), default=None)
        if polled is not None and ask.now - polled < JUST_READ:
            raise TooSoonError(
                f"báo {declared[outlet].title} vừa được đọc chưa đầy một phút trước, hãy chờ rồi thử lại"
            )
        lists = outlets.try_now(session, outlet, at=ask.now)
        audit.append(
            session,
            at=ask.now,
            action="outlet.try",
            user_id=ask.user.user_id,
            object=f"outlet/{outlet}",
            detail={"lists": lists},
        )
    back = f"&bao={outlet}" if ask.form.get("back") == "one" else ""
    return go(f"/bao?da={outlet}{back}")
