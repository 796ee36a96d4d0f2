"""Corrected places come out as labels that judging and scoring read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from models.session import Store
from models.store import places, reading, review
from models.store.review import Choice
from pipeline.cli.places import places as command
from pipeline.judging_file import parse_line
from pipeline.place_choice import place_of
from pipeline.place_labels import label_lines
from tests.conftest import SHARED
from tests.review_ui.seed import NOW, add_user, fill


@pytest.fixture
def corrected(store: Store) -> Store:
    """One story corrected to a commune of before, one that nobody can place; the third is rejected and corrected."""
    fill(store)
    with store.write() as session:
        user = add_user(session, "lan", "officer")
        for story_id, ref in ((1, "old:28030"), (2, None), (3, "new:01")):
            lead = reading.story(session, story_id).lead
            place = None if ref is None else place_of(ref)
            places.correct(session, story_id, article_id=lead.id, ref=ref, place=place, user_id=user.id, now=NOW)
        choice = Choice("reject", lead.id, lead.shown_id, None, None, reason="trung")
        review.decide(session, 3, choice, user_id=user.id, now=NOW)
    return store


def test_a_label_names_the_place_as_the_person_did_and_says_when_nobody_can(corrected: Store) -> None:
    with corrected.read() as session:
        rows = [json.loads(line) for line in label_lines(session)]
    assert [(row["flag"], row["place"], row["province"]) for row in rows] == [
        (1, "Phước Lợi, Bến Lức, Long An", "Long An"),
        (1, None, None),
        (0, "Hà Nội", "Hà Nội"),
    ]
    reading_of_it = parse_line(json.dumps(rows[0]))
    assert reading_of_it.title == "Nghi bảo mẫu mẫu đánh trẻ ở nhóm lớp"
    assert reading_of_it.text.startswith("Sáng nay phụ huynh")


def test_the_command_writes_them(corrected: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", make_url(corrected.url).render_as_string(hide_password=False))
    out = tmp_path / "labels.jsonl"
    answer = CliRunner().invoke(command, ["corrections", "-o", str(out)], catch_exceptions=False)
    assert answer.exit_code == 0
    assert "3 bài có nơi xảy ra do người sửa" in answer.output
    assert len(out.read_text("utf-8").splitlines()) == 3


def test_the_scorer_reads_them(corrected: Store, tmp_path: Path) -> None:
    """A verdict that says what the person said is right on both counts; elsewhere it is a false place."""
    scorer = SHARED / "tools" / "score_places.py"
    if not scorer.exists():
        pytest.skip("the scorer of the shared material is not here")
    with corrected.read() as session:
        lines = list(label_lines(session))
    labels, said = tmp_path / "labels.jsonl", tmp_path / "said.jsonl"
    labels.write_text("\n".join(lines), "utf-8")
    place = {"commune": "Phước Lợi", "district": "Bến Lức", "province": "Long An", "new_province": "80"}
    rows = [{"id": json.loads(line)["id"], "place": place} for line in lines]
    said.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    run = subprocess.run(
        [sys.executable, str(scorer), str(labels), str(said), "--json"], capture_output=True, text=True, check=True
    )
    figures = json.loads(run.stdout)
    assert figures["province right where stated"] == [1.0, 1]
    assert figures["finest level right where stated"] == [1.0, 1]
    assert figures["false place where none is stated"] == [1.0, 1]
