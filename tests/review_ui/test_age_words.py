"""How the age was found is said in words, and what is no known way is not shown."""

import pytest
from sqlalchemy import update

from models.tables import Verdict
from tests.review_ui.conftest import World


@pytest.mark.parametrize(
    ("basis", "words"),
    [("stated", "(bài nêu tuổi)"), ("grade", "(theo lớp học)"), ("word", "(theo cách gọi)")],
)
def test_the_age_says_how_it_was_found(one_world: World, basis: str, words: str) -> None:
    with one_world.store.write() as session:
        session.execute(update(Verdict).values(age_basis=basis))
    text = one_world.sign_in("lan").get("/tin/1").text
    assert f'0–5 tuổi <span class="hint">{words}</span>' in text
    assert f"“{basis}”" not in text


@pytest.mark.parametrize("basis", [None, "cháu tên Mẫu"])
def test_another_basis_is_not_shown(one_world: World, basis: str | None) -> None:
    with one_world.store.write() as session:
        session.execute(update(Verdict).values(age_basis=basis))
    text = one_world.sign_in("lan").get("/tin/1").text
    assert "<dd>0–5 tuổi" in text
    assert '0–5 tuổi <span class="hint">' not in text
    assert "cháu tên Mẫu" not in text
