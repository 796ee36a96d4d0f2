"""Which files are opened, which model works, and what nobody can do alone."""

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from classifier.artefacts import CARD_FILE, MODEL_FILE, ArtefactError, digest
from classifier.predict import RELEASED
from models.store import models_registry as rows
from models.store import shadow
from models.tables import Model, ModelEvent, ShadowVerdict
from pipeline.learning.live import LiveJudge
from pipeline.learning.registry import Registry
from tests.pipeline.learning.conftest import AT, reading
from tests.pipeline.making import Maker

GOOD: dict[str, Any] = {"failed": [], "figures": {}}


def kept(registry: Registry, model: dict[str, Any], name: str = "thu") -> Model:
    return registry.keep(model, {"id": name}, at=AT, user_id=None)


def promoted(registry: Registry, row: Model, people: dict[str, int]) -> None:
    with registry.store.write() as session:
        rows.propose(session, row.id, checks=GOOD, user_id=people["lan"], at=AT)
        rows.approve(session, row.id, user_id=people["minh"], at=AT)


def test_without_a_promotion_the_released_model_works(registry: Registry) -> None:
    card = json.loads((RELEASED / CARD_FILE).read_text("utf-8"))
    with registry.store.write() as session:
        assert registry.working(session, AT).name == card["id"] == registry.current().id


def test_a_trained_model_is_opened_and_a_changed_byte_or_another_s_card_refuses_it(
    registry: Registry, models: list[dict[str, Any]]
) -> None:
    row, other = kept(registry, models[0]), kept(registry, models[1])
    assert registry.open(row).id == row.name
    path = registry.path(row.name) / MODEL_FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ArtefactError, match="SHA-256"):
        registry.open(row)
    shutil.rmtree(registry.path(row.name))
    shutil.copytree(registry.path(other.name), registry.path(row.name))
    with pytest.raises(ArtefactError, match="không phải mô hình"):
        registry.open(row)


def test_a_file_that_was_swapped_together_with_its_card_is_refused_before_it_is_opened(
    registry: Registry, models: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card's own digest fits the file; only the registry knows better."""
    row = kept(registry, models[0])
    folder = registry.path(row.name)
    with zipfile.ZipFile(folder / MODEL_FILE, "a") as archive:
        archive.writestr("thêm.txt", "lạ")
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    card["sha256"] = digest(folder / MODEL_FILE)
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")

    def never(*_: object) -> None:
        pytest.fail("the file was opened")

    monkeypatch.setattr("classifier.artefacts._open", never)
    with pytest.raises(ArtefactError, match="đã đăng ký"):
        registry.open(row)


def test_a_foreign_model_comes_in_only_with_the_digest_its_maker_told(
    registry: Registry, models: list[dict[str, Any]], tmp_path: Path
) -> None:
    row = kept(registry, models[0])
    source = tmp_path / "ngoài"
    shutil.copytree(registry.path(row.name), source)
    elsewhere = Registry(registry.store, tmp_path / "khác")
    with pytest.raises(ArtefactError, match="không phải dấu bạn nhập"):
        elsewhere.take(source, sha256="0" * 64, at=AT, user_id=None)
    assert elsewhere.open(elsewhere.take(source, sha256=row.sha256, at=AT, user_id=None)).id == row.name
    card = json.loads((source / CARD_FILE).read_text("utf-8"))
    (source / CARD_FILE).write_text(json.dumps({**card, "id": "../thoát"}), encoding="utf-8")
    with pytest.raises(ArtefactError, match="tên mô hình"):
        elsewhere.take(source, sha256=row.sha256, at=AT, user_id=None)


def test_a_writing_that_was_cut_off_leaves_no_model_behind(
    registry: Registry, models: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("models.store.models_registry.add", cut)
    with pytest.raises(KeyboardInterrupt):
        kept(registry, models[0])
    assert list(registry.folder.iterdir()) == []
    with registry.store.read() as session:
        assert session.scalars(select(Model)).all() == []


def test_promotion_needs_another_person_and_going_back_needs_one_click(
    registry: Registry, models: list[dict[str, Any]], people: dict[str, int]
) -> None:
    first, second = kept(registry, models[0]), kept(registry, models[1])
    with registry.store.write() as session:
        rows.propose(session, first.id, checks=GOOD, user_id=people["lan"], at=AT)
    with registry.store.write() as session, pytest.raises(rows.RegistryError, match="người khác"):
        rows.approve(session, first.id, user_id=people["lan"], at=AT)
    promoted(registry, first, people)
    promoted(registry, second, people)
    assert registry.current().id == second.name
    for expected in (first.name, json.loads((RELEASED / CARD_FILE).read_text("utf-8"))["id"]):
        with registry.store.write() as session:
            rows.roll_back(session, user_id=people["lan"], at=AT)
        assert registry.current().id == expected
    with registry.store.write() as session, pytest.raises(rows.RegistryError, match="phát hành"):
        rows.roll_back(session, user_id=people["lan"], at=AT)


def test_a_model_below_a_floor_cannot_even_be_proposed(
    registry: Registry, models: list[dict[str, Any]], people: dict[str, int]
) -> None:
    row = kept(registry, models[0])
    with registry.store.write() as session, pytest.raises(rows.RegistryError, match="quá thấp"):
        rows.propose(session, row.id, checks={"failed": ["quá thấp"]}, user_id=people["lan"], at=AT)


def test_the_scan_judges_with_the_released_model_when_the_promoted_one_was_tampered_with_and_says_so(
    registry: Registry, models: list[dict[str, Any]], people: dict[str, int]
) -> None:
    row = kept(registry, models[0])
    promoted(registry, row, people)
    assert LiveJudge(registry).id == row.name
    (registry.path(row.name) / MODEL_FILE).write_bytes(b"tampered")
    live = LiveJudge(registry)
    assert live.id == json.loads((RELEASED / CARD_FILE).read_text("utf-8"))["id"]
    with registry.store.read() as session:
        refusal = session.scalars(select(ModelEvent).where(ModelEvent.action == "refuse")).one()
        assert "SHA-256" in refusal.detail["why"]


def test_a_model_on_trial_scores_beside_the_current_one_and_its_failure_disturbs_nothing(
    registry: Registry, models: list[dict[str, Any]], people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Maker(registry.store).article()
    row, current = kept(registry, models[0]), kept(registry, models[1])
    promoted(registry, current, people)
    with registry.store.write() as session:
        rows.start_shadow(session, row.id, user_id=None, at=AT)
    live = LiveJudge(registry, now=lambda: AT)
    texts = [replace(reading(1, harm=True), id=str(article))]
    assert [verdict.model for verdict in live.judge(texts)] == [current.name]
    with registry.store.read() as session:
        assert [said.model for said in session.scalars(select(ShadowVerdict))] == [row.name]
        assert shadow.tally(session, model=row.name, since=AT).articles == 1

    def broken(*_: object) -> None:
        raise ValueError("hỏng")

    monkeypatch.setattr(live._trial, "judge", broken)
    assert len(live.judge(texts)) == 1
