"""Training on the house's labels: what is held back, what the same seed gives, and what an interruption leaves."""

import gzip
import json
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from models.clock import day_of
from models.records import Reading
from models.session import Store
from models.store import labels, learning_jobs
from models.store import models_registry as rows
from models.store.labels import Given, Said
from pipeline.config import Settings
from pipeline.learning import jobs
from pipeline.learning.material import TooFewError, split
from pipeline.learning.promotion import failures
from pipeline.learning.registry import Registry
from pipeline.learning.settings import read_learning
from pipeline.learning.training import Order, train
from tests.forks import ForkServer
from tests.pipeline.learning.conftest import AT, reading, write_recipe

UNTIL = day_of(AT - timedelta(days=14))


def teach(store: Store, count: int = 40) -> None:
    """Readings of two months, of which the newest two weeks are held back; two labels are turned over."""
    with store.write() as session:
        for number in range(count * 3):
            harm = number % 3 == 0
            at = AT - timedelta(hours=12 * number)
            text = reading(number, harm=harm)
            said = Said(int(harm != (number in (90, 91))), "vu_viec" if harm else "khac", ("bao_luc",) if harm else ())
            item = {"title": f"{text.title} số {number}", "sapo": text.sapo, "published": at.isoformat()}
            labels.add(session, said, source="import", at=at, key=f"nhap-{number}", reader="an", item=item)


def given(key: str, days: int, story: str | None, title: str) -> Given:
    text = Reading(id=key, title=title, published=AT + timedelta(days=days))
    return Given(key, text, Said(1, story=story), "an", AT, "read")


def test_an_event_or_a_headline_that_began_before_the_day_is_not_held_back() -> None:
    before = given("a", -3, "tin-1", "Một vụ mẫu")
    later = [
        given("b", 1, "tin-1", "Vụ mẫu, ngày sau"),
        given("c", 2, "tin-2", "Vụ khác"),
        given("d", 2, None, "một vụ MẪU"),
    ]
    train_part, held = split([before, *later], AT)
    assert ([one.key for one in train_part], [one.key for one in held]) == (["a"], ["c"])


def test_the_same_seed_gives_the_same_model_with_one_process_and_two_and_nobody_uses_it_yet(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = registry.keep(_base(), {"id": "nen"}, at=AT, user_id=None)
    monkeypatch.setattr(registry, "working", lambda *_: base, raising=False)
    teach(registry.store)
    settings = read_learning(tmp_path)
    order = Order(UNTIL, write_recipe(tmp_path / "nhỏ.toml"))
    told: list[float] = []
    first = train(registry, order, settings, now=AT, progress=lambda share, _: told.append(share))
    monkeypatch.setattr("pipeline.learning.training.WORTH_A_CREW", 1)
    again = train(registry, order, settings, now=AT, progress=lambda *_: None)
    assert first.name == again.name
    assert (first.comparison, first.suspects) == (again.comparison, again.suspects)
    assert told == sorted(told)
    assert first.comparison["relevant"] > 5
    assert {suspect["key"] for suspect in first.suspects} >= {"nhap-90", "nhap-91"}
    with registry.store.read() as session:
        row = rows.by_name(session, first.name)
        assert row is not None
        assert (row.role, row.card["base"], row.card["seed"]) == ("none", base.name, 1)
        assert rows.in_role(session, rows.CURRENT) is None


def _base() -> dict[str, object]:
    from tests.pipeline.learning.conftest import small_model

    return small_model(1)


def test_a_corpus_beside_the_house_s_labels_is_split_by_time_and_told_where_the_current_model_knew_it(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries without a date are old; the model in force says on its card that it has read up to today."""
    base = registry.keep(_base(), {"id": "nen", "data": {"to": "2026-11-21"}}, at=AT, user_id=None)
    monkeypatch.setattr(registry, "working", lambda *_: base, raising=False)
    corpus = tmp_path / "kho"
    corpus.mkdir()
    for name in ("labels_full", "labels_older", "facts"):
        (corpus / f"{name}.jsonl").write_text("", encoding="utf-8")
    rows = []
    for number in range(90):
        harm = number % 3 == 0
        text = reading(number, harm=harm, at=AT - timedelta(hours=11 * number))
        row = {"id": text.id, "title": f"{text.title} số {number}", "sapo": text.sapo, "flag": int(harm)}
        row |= {"kind": "vu_viec" if harm else "khac", "types": ["bao_luc"] if harm else []}
        published = None if number == 5 or text.published is None else text.published.isoformat()
        rows.append(json.dumps({**row, "published": published}))
    (corpus / "labels_feed.jsonl").write_text("\n".join(rows), encoding="utf-8")
    with gzip.open(corpus / "stream.jsonl.gz", "wt", encoding="utf-8") as out:
        for number in range(80):
            text = reading(200 + number, harm=False)
            assert text.published is not None
            out.write(json.dumps({"id": text.id, "title": text.title, "published": text.published.isoformat()}) + "\n")
    order = Order(UNTIL, write_recipe(tmp_path / "nhỏ.toml"), corpus=corpus)
    made = train(registry, order, read_learning(tmp_path), now=AT, progress=lambda *_: None)
    assert made.labels + made.comparison["labelled"] == 90
    assert made.comparison["labelled"] > 20
    assert made.comparison["seen_by_current"]
    assert made.suspects == []


def test_too_few_labels_fail_with_the_counts(registry: Registry, tmp_path: Path) -> None:
    order = Order(UNTIL, write_recipe(tmp_path / "nhỏ.toml"))
    with pytest.raises(TooFewError, match="0 bài cần xem"):
        train(registry, order, read_learning(tmp_path), now=AT, progress=lambda *_: None)


def job(store: Store, **params: object) -> int:
    with store.write() as session:
        return learning_jobs.queue(session, "train", {"until": UNTIL.isoformat(), **params}, user_id=None, at=AT).id


def test_a_training_that_fails_or_is_stopped_says_so_and_leaves_the_current_model(
    sqlite_store: Store, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=sqlite_store.url)
    failed = job(sqlite_store)
    jobs.run_job(settings, sqlite_store, failed, now=lambda: AT)
    waiting = job(sqlite_store)
    with sqlite_store.write() as session:
        with pytest.raises(learning_jobs.JobError, match="còn đang chờ"):
            learning_jobs.queue(session, "train", {}, user_id=None, at=AT)
        learning_jobs.ask_stop(session, waiting, user_id=None, at=AT)
    assert jobs.work(settings, sqlite_store, now=lambda: AT) == 0
    with sqlite_store.read() as session:
        assert "chưa đủ nhãn" in learning_jobs.get(session, failed).message
        assert [learning_jobs.get(session, n).state for n in (failed, waiting)] == ["failed", "stopped"]
        assert rows.in_role(session, rows.CURRENT) is None


def test_a_process_killed_while_training_is_noticed_and_a_wish_to_stop_ends_one_at_once(
    sqlite_store: Store, forks: ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two real processes in the middle of a fit that would take very long."""
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", sqlite_store.url)
    teach(sqlite_store)
    recipe = write_recipe(tmp_path / "lâu.toml", rounds=200_000)
    for way in ("kill", "stop"):
        number = job(sqlite_store, recipe=str(recipe))
        process = forks.start("pipeline", "model", "work", folder=tmp_path)
        _until(lambda number=number: _message(sqlite_store, number) == "Huấn luyện")
        if way == "kill":
            process.send_signal(signal.SIGKILL)
            process.wait(20)
            with sqlite_store.write() as session:
                later = learning_jobs.get(session, number).beat_at
                assert later is not None
                assert learning_jobs.reap(session, now=later + timedelta(seconds=30)) == 0
                assert learning_jobs.reap(session, now=later + timedelta(minutes=2)) == 1
        else:
            with sqlite_store.write() as session:
                learning_jobs.ask_stop(session, number, user_id=None, at=AT)
            assert process.wait(20) == jobs.STOPPED_CODE
        with sqlite_store.read() as session:
            assert learning_jobs.get(session, number).state == ("failed" if way == "kill" else "stopped")
            assert rows.everything(session) == [] or all(row.role == "none" for row in rows.everything(session))
        assert [path.name for path in (tmp_path / "models").glob("*/model.skops")] == []


def _message(store: Store, number: int) -> str:
    with store.read() as session:
        return learning_jobs.get(session, number).message


def _until(true: object, limit: float = 60.0) -> None:
    end = time.monotonic() + limit
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_floor_that_is_missed_is_named(tmp_path: Path) -> None:
    floors = read_learning(tmp_path).floors
    good = {"average_precision": 0.9, "recall_of_flag": 0.99, "calibration_error": 0.01}
    fine = {"relevant": 60, "new": good, "difference": {"average_precision": [0.0, -0.01, 0.01]}}
    assert failures(fine, floors) == []
    assert "chưa được so sánh" in failures(None, floors)[0]
    assert "chỉ có 3 bài" in failures({**fine, "relevant": 3}, floors)[0]
    poor = {**fine, "new": {**good, "recall_of_flag": 0.5}, "difference": {"average_precision": [-0.1, -0.2, 0.0]}}
    assert [words.split(" ")[0] for words in failures(poor, floors)] == ["tỉ", "có"]
