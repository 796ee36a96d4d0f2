"""Facts of a flagged item; all sample texts are ours."""

from classifier.corpus import Label
from classifier.facts import FOLDS, FactReader, fit_facts, fit_trial
from classifier.features import HashedTerms
from classifier.recipe import read_recipe
from classifier.recipes import RELEASED_RECIPE
from models.records import Reading

RECIPE = read_recipe(RELEASED_RECIPE)
NEW = ("Công an xã Mẫu đang xác minh vụ bé {} tuổi bị đánh", "Người dân xã Mẫu trình báo vụ bé {} tuổi bị đánh")
TRIAL = ("Tòa án tuyên phạt bị cáo 9 năm tù vì đánh bé {} tuổi", "Bị cáo lĩnh án tù tại phiên tòa vì đánh bé {} tuổi")


def label(number: int, kind: str, origin: str = "older") -> Label:
    title = (TRIAL if kind == "xet_xu" else NEW)[number % 2].format(3 + number % 9)
    reading = Reading(id=f"{origin}-{kind}-{number}", title=title, text=f"{title}. Tin mẫu.")
    return Label(reading, 1, kind, ("bao_luc",), origin)


def labels(each: int) -> list[Label]:
    return [label(number, kind) for number in range(each) for kind in ("xet_xu", "vu_viec")]


def test_an_item_reads_like_a_trial_where_the_kinds_of_other_labels_say_so() -> None:
    hashed = HashedTerms(RECIPE.clue_cells)
    hashed.fit_weights(hashed.counts([["mẫu"]]))
    head, margins = fit_trial(labels(12), hashed, RECIPE)
    assert head is not None
    said = {kind: [value for name, value in margins.items() if f"-{kind}-" in name] for kind in ("xet_xu", "vu_viec")}
    assert min(said["xet_xu"]) > max(said["vu_viec"])
    assert fit_trial(labels(FOLDS - 1), hashed, RECIPE) == (None, {})


def test_the_stage_is_read_with_and_without_that_help() -> None:
    read = [label(number, kind, "full") for number in range(6) for kind in ("xet_xu", "vu_viec")]
    stages = {"xet_xu": "truy_to_xet_xu", "vu_viec": "dang_xac_minh_dieu_tra"}
    facts = {
        one.reading.id: {"stage": stages[one.kind], "relation": "khong_ro", "victims": 1, "danger_now": None}
        for one in read
    }
    packed = fit_facts([*read, *labels(8)], facts, RECIPE)
    assert "trial" in packed
    for model in (packed, fit_facts(read[:4], facts, RECIPE)):
        trial, new = FactReader(model).read([label(20, "xet_xu").reading, label(20, "vu_viec").reading])
        assert (trial.stage, new.stage) == (stages["xet_xu"], stages["vu_viec"])
