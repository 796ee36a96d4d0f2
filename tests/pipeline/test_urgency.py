from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import records
from pipeline.neutral import StoryFacts
from pipeline.urgency import Situation, UrgencyError, load_table, rate

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TABLE = load_table()


def situation(*, territory: str | None = None, hours_old: int = 1, **facts: object) -> Situation:
    return Situation(StoryFacts(**facts), territory, NOW - timedelta(hours=hours_old), NOW)  # type: ignore[arg-type]


def codes(found: Situation) -> list[str]:
    return [line.code for line in rate(found, TABLE).lines]


def test_each_line_that_applied_is_shown() -> None:
    found = situation(kind="vu_viec", types=("bao_luc",), relation="nguoi_trong_tre", age="0_5", danger_now=True)
    assert codes(found) == ["danger_now", "carer", "new"]
    assert rate(found, TABLE).grave


def test_unknown_is_never_counted_as_true() -> None:
    assert codes(situation(hours_old=30)) == []
    assert codes(situation(hours_old=30, danger_now=False, victims=1)) == []


def test_a_grave_event_on_the_territory_comes_before_the_same_event_elsewhere() -> None:
    here = situation(types=("xam_hai_tinh_duc",), territory="yes")
    maybe, elsewhere = replace(here, territory="possible"), replace(here, territory="no")
    points = [rate(found, TABLE).points for found in (here, maybe, elsewhere)]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 3


def test_newness_and_many_papers_do_not_make_an_event_graver() -> None:
    found = situation(types=("bao_luc",), outlets=("A", "B", "C"))
    assert rate(found, TABLE).points > 0
    assert rate(found, TABLE).gravity == 0
    assert not rate(found, TABLE).grave


@given(
    st.builds(
        StoryFacts,
        types=st.lists(st.sampled_from(records.TYPES), unique=True).map(tuple),
        victims=st.none() | st.integers(0, 30),
        danger_now=st.none() | st.booleans(),
        relation=st.none() | st.sampled_from(records.RELATIONS),
        setting=st.none() | st.sampled_from(records.SETTINGS),
    ),
    st.sampled_from([None, "yes", "no", "possible"]),
)
def test_points_are_the_sum_of_the_lines_shown(facts: StoryFacts, territory: str | None) -> None:
    found = rate(Situation(facts, territory, NOW, NOW), TABLE)
    assert found.points == sum(line.points for line in found.lines)
    assert 0 <= found.gravity <= found.points


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[line]]\ncode='a'\nwords='b'\npoints=1\ntype=['bao_luc']", "type"),
        ("[[line]]\ncode='a'\nwords='b'\npoints=1\ntypes=['bao_lực']", "types"),
        ("[[line]]\ncode='a'\nwords='b'", "points"),
        ("[[line]]\ncode='a'\nwords='b'\npoints='x'", "points"),
        ("[[line]]\ncode='a'\nwords='b'\npoints=1\nvictims_min=-1", "victims_min"),
        ("lines=1", "line"),
        ("[[line]]\ncode='a'\nwords='b'\npoints=1\n[[line]]\ncode='a'\nwords='b'\npoints=1", "hai lần"),
        ("x = ", "urgency.toml"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "urgency.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UrgencyError, match=complaint):
        load_table(path)


def test_the_teams_own_table_wins_and_without_one_the_shipped_is_used(tmp_path: Path) -> None:
    own = tmp_path / "urgency.toml"
    assert load_table(own) == TABLE
    own.write_text("[[line]]\ncode='a'\nwords='b'\npoints=7\nvictims_min=1", "utf-8")
    assert [line.points for line in load_table(own)] == [7]
