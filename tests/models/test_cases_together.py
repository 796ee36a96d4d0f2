"""Nothing lost: killed on the way from confirmation to sending, twenty people at once, any order of steps."""

import multiprocessing
import os
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from models import states
from models.errors import DiembaoError
from models.session import Store, StoreError
from models.store import answers, audit, case_merge, case_work, cases, clocks, recipients, review
from models.store.answers import Answer, Giver
from models.store.clocks import Done
from models.store.reading import story
from models.store.review import Choice
from models.tables import (
    Case,
    CaseDetail,
    CaseMove,
    CaseStory,
    ClockStep,
    Export,
    Lead,
    LeadAnswer,
    LeadSending,
    Package,
    User,
)
from pipeline.documents.letterhead import Letterhead
from pipeline.packages import Desk, Order, make
from pipeline.recipients import read_profiles
from tests.review_ui.seed import NOW, add_user, fill

PEOPLE = 20


def people(store: Store, count: int) -> list[int]:
    with store.write() as session:
        return [add_user(session, f"nguoi{number}", "officer").id for number in range(count)]


def confirm(store: Store, story_id: int, user_id: int) -> None:
    with store.write() as session:
        lead = story(session, story_id).lead
        chosen = Choice("confirm", lead.id, lead.shown_id, None, None)
        review.decide(session, story_id, chosen, user_id=user_id, now=NOW)


def desk(store: Store) -> int:
    with store.write() as session:
        return recipients.add(
            session, name="Công an mẫu", profile="police", territory=(), contact="", user_id=1, now=NOW
        )


def order(recipient: int, case_id: int, key: str) -> Order:
    return Order(recipient, (case_id,), "Quy chế mẫu", key)


DESK = Desk(Letterhead(), read_profiles(), Path("khong-co"))


def the_way(store: Store, story_id: int, recipient: int) -> None:
    """Confirm, open the case, keep a step, send, answer: each a step of its own, each safe to do again."""
    with store.read() as session:
        decided = story(session, story_id).decision
    if decided is None:
        confirm(store, story_id, 1)
    with store.write() as session:
        case_id = cases.open_case(session, story_id, user_id=1, now=NOW)
    with store.write() as session, suppress(clocks.ClockStateError):
        clocks.end(session, case_id, "khan_cap", Done(NOW, "A", "B", "văn bản"), user_id=1, now=NOW)
    make(store, order(recipient, case_id, "khoa-1"), DESK, user_id=1, now=NOW)
    with store.write() as session:
        [lead_id] = session.scalars(select(Lead.id))
        answers.give(session, lead_id, Answer("received", NOW), Giver("page", user_id=1), key="k", now=NOW)


def whole(store: Store) -> tuple[int, ...]:
    """What is there, after checking that nothing is there by half."""
    with store.read() as session:

        def count(table: type) -> int:
            return session.scalars(select(func.count()).select_from(table)).one()

        opened, leads = count(Case), count(Lead)
        assert opened == count(CaseStory) == session.query(CaseMove).filter(CaseMove.before.is_(None)).count()
        assert opened == count(CaseDetail)
        assert leads == count(Package) == count(LeadSending) == count(Export)
        for case in session.query(Case):
            moves = session.query(CaseMove).filter_by(case_id=case.id).order_by(CaseMove.id).all()
            assert moves[-1].after == case.state
            assert (case.state == "da_chuyen") == (leads > 0)
        for lead in session.query(Lead):
            newest = session.query(LeadAnswer).filter_by(lead_id=lead.id).order_by(LeadAnswer.id.desc()).first()
            assert lead.state == (newest.kind if newest is not None else "sent")
        assert audit.verify(session) is None
        actions = [line.action for line in audit.lines(session)]
        assert actions.count("case.open") == opened
        assert actions.count("export.package") == leads
        assert actions.count("clock.end") == count(ClockStep)
        return opened, count(ClockStep), leads, count(LeadAnswer)


def die_at(url: str, statement: int, story_id: int, recipient: int) -> None:
    """The way, in a process of its own that is gone, without a word, when it is about to say its nth statement."""
    store = Store(url)
    said = 0

    def stop(*_: object) -> None:
        nonlocal said
        said += 1
        if said > statement:
            os._exit(9)

    event.listen(store.engine, "before_cursor_execute", stop)
    event.listen(store.engine, "commit", stop)
    the_way(store, story_id, recipient)
    os._exit(0)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_kill_anywhere_on_the_way_leaves_whole_steps_and_going_on_ends_as_if_nothing_had_been(
    database: str, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(f"{'sqlite' if database == 'sqlite' else 'postgres'}_store")
    people(store, 1)
    story_id, recipient = fill(store)["carer"], desk(store)
    url = store.engine.url.render_as_string(hide_password=False)
    seen, spawn = set(), multiprocessing.get_context("fork")
    store.engine.dispose()
    for statement in (3, 9, 15, 22, 30, 38, 47, 58, 70, 80, 90):
        child = spawn.Process(target=die_at, args=(url, statement, story_id, recipient))
        child.start()
        child.join(60)
        seen.add(whole(store))
        store.engine.dispose()
        if child.exitcode == 0:
            break
    the_way(store, story_id, recipient)
    assert whole(store) == (1, 1, 1, 1)
    assert len(seen) > 2, "the kills fell between different steps"


def test_twenty_people_on_the_same_cases_end_with_one_history(store: Store) -> None:
    """Everybody confirms, opens, moves, ends clocks, sends with keys that repeat, merges and answers, all at once."""
    users = people(store, PEOPLE)
    stories = list(fill(store).values())
    for story_id in stories[:3]:
        confirm(store, story_id, 1)
    recipient = desk(store)

    refused: list[int] = []

    def work(number: int) -> None:
        chance, user_id = random.Random(number), users[number]  # noqa: S311 - data, not secrets
        for turn in range(4):
            try:
                _one_step(store, chance, user_id, stories, recipient, turn)
            except StoreError:
                raise  # busy or a deadlock: nobody may be told that
            except DiembaoError:
                refused.append(number)

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(work, range(PEOPLE)))
    assert len(refused) < 3 * PEOPLE, "most steps were taken"
    with store.read() as session:
        assert audit.verify(session) is None
        for case in session.query(Case):
            moves = session.query(CaseMove).filter_by(case_id=case.id).order_by(CaseMove.id).all()
            assert [move.before for move in moves] == [None, *(move.after for move in moves[:-1])]
            assert moves[-1].after == case.state
        assert session.scalars(select(func.count()).select_from(CaseStory)).one() <= 3
        assert session.query(Package).count() == session.query(Package.key).distinct().count() > 0
        open_steps = session.execute(
            select(ClockStep.case_id, ClockStep.code, func.count())
            .where(ClockStep.void_at.is_(None))
            .group_by(ClockStep.case_id, ClockStep.code)
        )
        assert all(row[2] == 1 for row in open_steps)
        for lead in session.query(Lead):
            kinds = [row.kind for row in session.query(LeadAnswer).filter_by(lead_id=lead.id).order_by(LeadAnswer.id)]
            assert lead.state == (kinds[-1] if kinds else "sent")
            for before, after in zip(["sent", *kinds], kinds, strict=False):
                assert before in answers.KINDS[after]
        assert session.query(User).count() == PEOPLE


def _one_step(  # noqa: PLR0917 - the whole world of one turn
    store: Store, chance: random.Random, user_id: int, stories: list[int], recipient: int, turn: int
) -> None:
    with store.write() as session:
        case_id = cases.open_case(session, chance.choice(stories[:3]), user_id=user_id, now=NOW)
    what = chance.randrange(6)
    if what == 0:
        make(store, order(recipient, case_id, f"{case_id}-{turn}"), DESK, user_id=user_id, now=NOW)
        return
    with store.write() as session:
        case = session.get_one(Case, case_id)
        if what == 1:
            after = chance.choice(states.MOVES[case.state])
            cases.move(session, case_id, after, seen=case.state, reason="lý do", user_id=user_id, now=NOW)
        elif what == 2:
            done = Done(NOW, "A", "B", "điện thoại")
            clocks.end(session, case_id, "khan_cap", done, user_id=user_id, now=NOW)
        elif what == 3:
            case_work.give(session, case_id, user_id, user_id=user_id, now=NOW)
        elif what == 4:
            lead_id = session.scalar(select(Lead.id).where(Lead.case_id == case_id)) or 0
            kind = chance.choice(["received", "accepted", "refused"])
            answer = Answer(kind, NOW, reason="lý do")
            answers.give(session, lead_id, answer, Giver("page", user_id=user_id), key=f"{user_id}-{turn}", now=NOW)
        elif turn == 3:
            other = chance.choice([row for row in session.scalars(select(Case.id)) if row != case_id] or [case_id])
            case_merge.merge(session, other, case_id, reason="một vụ", user_id=user_id, now=NOW)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(states.MOVES)), max_size=12))
def test_any_order_of_moves_leaves_a_chain_without_a_gap(sqlite_store: Store, wanted: list[str]) -> None:
    """Moves that the table does not have, or that the checklist holds up, change nothing at all."""
    with sqlite_store.write() as session:
        known = session.query(User).count()
        user_id = add_user(session, f"n{known}", "officer").id
        case_id = cases.new_case(session, user_id=user_id, now=NOW).id
    now, state = NOW, states.FIRST
    for after in wanted:
        now += timedelta(minutes=1)
        allowed = after in states.MOVES[state] and after != states.CLOSED
        try:
            with sqlite_store.write() as session:
                cases.move(session, case_id, after, seen=state, reason="lý do", user_id=user_id, now=now)
            moved = True
        except DiembaoError:
            moved = False
        assert moved is allowed
        state = after if moved else state
        with sqlite_store.read() as session:
            steps = cases.one_case(session, case_id).steps
            assert steps[-1].after == session.get_one(Case, case_id).state == state
            assert [step.before for step in steps] == [None, *(step.after for step in steps[:-1])]
