from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from classifier import artefacts
from classifier.corpus import Label
from classifier.crew import crew
from classifier.features import HashedTerms
from classifier.forest import ForestSettings, fit_forest, flatten_forest
from classifier.linear import fit_head
from classifier.predict import HashedJudge
from classifier.recipe import Large, Recipe, RecipeError, read_recipe
from classifier.recipes import RELEASED_RECIPE
from classifier.sights import look
from classifier.stack import unpack_stack
from classifier.train import fit, fit_entry, fit_whole, prepare
from classifier.trees import TreeSettings, fit_trees
from models.records import Reading

HARM = ("đánh bầm tím", "bạo hành", "xâm hại", "hành hung", "nhốt trong phòng")
CALM = ("được tặng quà", "thi đấu cờ vua", "khai giảng năm học", "vui trung thu", "nhận học bổng")
START = datetime(2025, 9, 1, tzinfo=UTC)


def entry(number: int, *, harm: bool) -> Reading:
    what = (HARM if harm else CALM)[number % 5]
    title = f"Bé {'gái' if number % 2 else 'trai'} {3 + number % 9} tuổi {'bị ' if harm else ''}{what}"
    sapo = "Công an xã Mây Trắng đang làm rõ." if harm else "Nhà trường tổ chức vui chơi."
    return Reading(id=f"{harm}-{number}", title=title, sapo=sapo, published=START + timedelta(hours=number))


def labels() -> list[Label]:
    made = [Label(entry(n, harm=True), 1, "vu_viec", ("bao_luc",), "feed") for n in range(30)]
    return made + [Label(entry(n, harm=False), 0, "khac", (), "feed") for n in range(60)]


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    trees = TreeSettings(rounds=8, rate=0.2, leaves=4, least=3, penalty=1.0, share=0.8, repeats=2)
    small = replace(read_recipe(RELEASED_RECIPE), cells=4096, clue_cells=1024, aside_cells=512, stream_negatives=40)
    return replace(small, folds=3, trees=trees, forest=ForestSettings(trees=6, held=3))


def test_the_same_recipe_and_data_make_the_same_bytes(recipe: Recipe, tmp_path: Path) -> None:
    stream = [entry(100 + n, harm=False) for n in range(60)]
    digests = []
    for name in ("a", "b"):
        model = fit(prepare(labels(), stream, {}, recipe), recipe)
        digests.append(artefacts.digest(artefacts.write(tmp_path / name, model, {"id": "small"})))
    assert digests[0] == digests[1]


def test_a_large_view_is_fitted_the_same_by_two_processes_and_by_one(recipe: Recipe, tmp_path: Path) -> None:
    """The quick way of the linear heads and fewer folds, as from `large.labels` on; texts enough for two pieces."""
    stream = [entry(100 + n, harm=False) for n in range(600)]
    large = replace(recipe, large=Large(labels=50, folds=2), stream_negatives=500)
    digests = []
    for workers in (1, 2):
        with crew(workers) as run:
            model = fit(prepare(labels(), stream, {}, large, run=run), large, run)
        digests.append(artefacts.digest(artefacts.write(tmp_path / str(workers), model, {"id": "large"})))
    assert digests[0] == digests[1]
    harm, calm = HashedJudge(model, "large").judge([entry(901, harm=True), entry(902, harm=False)])
    assert harm.score > calm.score


def test_the_quick_way_finds_the_same_optimum(recipe: Recipe) -> None:
    readings = [label.reading for label in labels()]
    hashed = HashedTerms(recipe.cells)
    counts = look(readings, hashed, whole=False).counts
    hashed.fit_weights(counts)
    rows = hashed.weigh(counts)
    answers = np.array([[label.flag == 1] for label in labels()])
    careful, quick = (
        fit_head(("flag",), rows, answers, np.ones(90), c=20.0, seed=1, kind=np.int16, quick=quick).margins(rows)
        for quick in (False, True)
    )
    np.testing.assert_allclose(quick, careful, atol=0.02)


def test_a_small_recipe_learns_what_it_is_shown(recipe: Recipe) -> None:
    stream = [entry(100 + n, harm=False) for n in range(60)]
    judge = HashedJudge(fit(prepare(labels(), stream, {}, recipe), recipe), "small")
    harm, calm = judge.judge([entry(901, harm=True), entry(902, harm=False)])
    assert harm.score > calm.score
    assert harm.kind == "vu_viec"


def test_entries_and_whole_articles_weigh_labels_of_other_kinds_each_in_their_own_way(recipe: Recipe) -> None:
    table = prepare(labels(), [entry(100 + n, harm=False) for n in range(60)], {}, recipe)
    other = replace(recipe, weight=replace(recipe.weight, trees_whole=0.01))
    for fit_view, same in ((fit_entry, True), (fit_whole, False)):
        one, two = (fit_view(table, each)["trees"]["value"] for each in (recipe, other))
        assert np.array_equal(one, two) is same


def test_other_looks_are_for_entries_and_a_model_without_them_is_read_as_before(recipe: Recipe) -> None:
    stream = [entry(100 + n, harm=False) for n in range(60)]
    widths = []
    for cells in (512, 0):
        plain = replace(recipe, aside_cells=cells)
        model = fit(prepare(labels(), stream, {}, plain), plain)
        assert ("aside" in model["entry"]["layer"]) is bool(cells)
        assert "aside" not in model["whole"]["layer"]
        stack = unpack_stack(model["entry"])
        widths.append(stack.layer.width)
        assert stack.layer.aside_cells == cells
        harm, calm = HashedJudge(model, "small").judge([entry(901, harm=True), entry(902, harm=False)])
        assert harm.score > calm.score
    assert widths[0] == widths[1] + 2


def test_flattened_trees_answer_as_the_library_does() -> None:
    chance = np.random.default_rng(7)
    figures = chance.normal(size=(300, 5)).astype(np.float32)
    answers = figures[:, 0] + figures[:, 1] ** 2 > 0.5
    settings = TreeSettings(rounds=20, rate=0.1, leaves=6, least=5, penalty=1.0, share=1.0, repeats=1)
    ours = fit_trees(figures, answers, np.ones(300), settings, 3)
    library = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=20,
        max_leaf_nodes=6,
        min_samples_leaf=5,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=3,
    ).fit(figures, answers)
    np.testing.assert_allclose(ours.margins(figures), library.decision_function(figures), atol=1e-4)


def test_a_flattened_forest_answers_as_the_library_does() -> None:
    chance = np.random.default_rng(7)
    figures = chance.normal(size=(300, 5)).astype(np.float32)
    answers = figures[:, 0] + figures[:, 1] ** 2 > 0.5
    weight = chance.uniform(0.1, 1.0, size=300)
    library = ExtraTreesClassifier(20, min_samples_leaf=3, random_state=3).fit(figures, answers, sample_weight=weight)
    ours = flatten_forest(library).margins(figures)
    np.testing.assert_allclose(ours, library.predict_proba(figures)[:, 1], atol=1e-4)


def test_out_of_fold_answers_of_a_forest_know_nothing_of_what_they_judge() -> None:
    chance = np.random.default_rng(7)
    figures = chance.normal(size=(200, 5)).astype(np.float32)
    answers = chance.random(200) > 0.5
    halves = (np.arange(100), np.arange(100, 200))
    settings = ForestSettings(trees=10, held=10, least=1)
    forest, held = fit_forest(figures, answers, np.ones(200), settings, 1, splits=[halves, halves[::-1]])
    assert np.mean((forest.margins(figures) > 0) == answers) == 1.0
    assert np.mean((held > 0) == answers) < 0.7


def test_entries_are_judged_by_boosted_and_random_trees_and_articles_by_boosted_ones(recipe: Recipe) -> None:
    table = prepare(labels(), [entry(100 + n, harm=False) for n in range(60)], {}, recipe)
    packed, whole = fit_entry(table, recipe), fit_whole(table, recipe)
    both, boosted = unpack_stack(packed), unpack_stack({key: packed[key] for key in packed if key != "forest"})
    figures = both.figures(table.entry, table.hashed)
    assert both.forest is not None
    np.testing.assert_allclose(both.margins(figures), boosted.margins(figures) + both.forest.margins(figures))
    assert np.ptp(both.forest.margins(figures)) > 1
    assert "forest" not in whole


def test_a_recipe_with_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(RELEASED_RECIPE.read_text(encoding="utf-8").replace("seed =", "sead ="), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"odd\.toml.*sead"):
        read_recipe(path)
