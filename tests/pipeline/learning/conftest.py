"""Models small enough to be trained in a test, of texts that are our own."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from classifier.corpus import Label
from classifier.recipe import Recipe, read_recipe
from classifier.recipes import RELEASED_RECIPE
from classifier.train import fit, prepare
from models.records import Reading
from models.session import Store
from models.store import users
from pipeline.learning.registry import Registry

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
HARM = ("đánh bầm tím", "bạo hành", "xâm hại", "hành hung", "nhốt trong phòng")
CALM = ("được tặng quà", "thi đấu cờ vua", "khai giảng năm học", "vui trung thu", "nhận học bổng")


def reading(number: int, *, harm: bool, at: datetime = AT) -> Reading:
    what = (HARM if harm else CALM)[number % 5]
    title = f"Bé {'gái' if number % 2 else 'trai'} {3 + number % 9} tuổi {'bị ' if harm else ''}{what}"
    sapo = "Công an xã Mây Trắng đang làm rõ." if harm else "Nhà trường tổ chức vui chơi."
    return Reading(id=f"{harm}-{number}", title=title, sapo=sapo, published=at - timedelta(hours=number))


def small_recipe(seed: int = 1) -> Recipe:
    whole = read_recipe(RELEASED_RECIPE)
    trees = replace(whole.trees, rounds=8, rate=0.2, leaves=4, least=3, repeats=1)
    return replace(
        whole,
        seed=seed,
        cells=4096,
        clue_cells=1024,
        aside_cells=512,
        stream_negatives=40,
        folds=3,
        flag_from=0.3,
        trees=trees,
        forest=replace(whole.forest, trees=6, held=3),
    )


@cache
def small_model(seed: int = 1) -> dict[str, Any]:
    """Trained once a process; nobody changes it."""
    labels = [Label(reading(n, harm=True), 1, "vu_viec", ("bao_luc",), "feed") for n in range(30)]
    labels += [Label(reading(n, harm=False), 0, "khac", (), "feed") for n in range(60)]
    recipe = small_recipe(seed)
    return fit(prepare(labels, [reading(100 + n, harm=False) for n in range(60)], {}, recipe), recipe)


@pytest.fixture(scope="session")
def models() -> list[dict[str, Any]]:
    """Two models that differ."""
    return [small_model(1), small_model(2)]


@pytest.fixture
def registry(sqlite_store: Store, tmp_path: Path) -> Registry:
    return Registry(sqlite_store, tmp_path / "models")


@pytest.fixture
def people(sqlite_store: Store) -> dict[str, int]:
    with sqlite_store.write() as session:
        return {
            name: users.add_user(session, name=name, display=name.title(), role="officer", now=AT).id
            for name in ("lan", "minh")
        }


def write_recipe(path: Path, **trees: int) -> Path:
    """The small recipe as a file; `trees` replaces settings of the trees."""
    recipe = small_recipe()
    path.write_text(_toml({**asdict(recipe), "trees": {**asdict(recipe.trees), **trees}}), encoding="utf-8")
    return path


def _toml(values: dict[str, Any]) -> str:
    """Plain values first, then the tables, as TOML wants them."""
    lines = [f"{name} = {_value(value)}" for name, value in values.items() if not isinstance(value, dict)]
    for name, value in values.items():
        if isinstance(value, dict):
            lines += ["", f"[{name}]", *(f"{key} = {_value(one)}" for key, one in value.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
