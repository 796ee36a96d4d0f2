"""Nobody who is named in the corpus can be read back from the shipped model."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import artefacts
from classifier import corpus as data
from classifier.facts import CODES
from classifier.features import NAME_MARK, syllables
from classifier.lexicon import word_set
from classifier.predict import RELEASED
from models.records import KINDS, TYPES

SHARED = Path(__file__).resolve().parents[2] / "../shared"
UPPER = "A-ZĐÁÀẢÃẠÂẤẦẨẪẬĂẮẰẲẴẶÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ"
PERSON = re.compile(rf"(?:ông|bà|chị|anh|cháu|em|bị can) ([{UPPER}][^\W\d_]+(?: [{UPPER}][^\W\d_]+){{1,3}})")


def texts_in(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from (*texts_in(key), *texts_in(value))
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from texts_in(value)
    elif isinstance(thing, np.ndarray):
        assert thing.dtype.kind in "iuf", "arrays of a model hold figures only"


def test_the_model_holds_no_text_but_codes_and_its_own_field_names() -> None:
    model, _ = artefacts.read(RELEASED)
    known = {
        *KINDS,
        *TYPES,
        *CODES,
        *(code for codes in CODES.values() for code in codes),
        "flag",
        "telling",
        "exposes",
    }
    foreign = {text for text in texts_in(model) if text not in known and not re.fullmatch(r"[a-z_]{1,15}", text)}
    assert foreign == set()


def test_a_persons_name_is_one_mark_whoever_it_is() -> None:
    first = syllables("Công an tạm giữ ông Nguyễn Văn Mẫu vì đánh cháu Trần Thị Thử.", 500)
    second = syllables("Công an tạm giữ ông Lê Đình Ví vì đánh cháu Phạm Ngọc Dụ.", 500)
    assert first == second
    assert first.count(NAME_MARK) == 2


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the corpus is not here")
def test_full_names_of_the_corpus_do_not_become_features() -> None:
    family = word_set("names", "family")
    shown = checked = 0
    for row in data.rows(SHARED / "corpus/labels_full.jsonl"):
        for name in PERSON.findall(data.as_text(row["text"])[:2000]):
            if name.split()[0].lower() not in family:
                continue
            checked += 1
            shown += " ".join(syllables(f"gặp {name} hôm qua", 200)[1:-2]) != NAME_MARK
    assert checked > 300
    assert shown / checked < 0.02
