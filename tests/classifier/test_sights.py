import numpy as np
import pytest

from classifier import sights
from classifier.features import HashedTerms
from models.records import Reading


def reading(number: int) -> Reading:
    text = f"Sáng nay bé {number} tuổi ở xã mẫu bị đánh. Công an xã mẫu đang làm rõ." if number % 3 else ""
    return Reading(
        id=str(number), title=f"Bé {number} tuổi bị đánh ở lớp mẫu", sapo="Nhà trường họp phụ huynh.", text=text
    )


@pytest.mark.parametrize("whole", [True, False])
def test_readings_looked_at_a_few_at_a_time_look_the_same(whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    readings, hashed = [reading(number) for number in range(23)], HashedTerms(512)
    at_once = sights.look(readings, hashed, whole=whole, aside_cells=256)
    monkeypatch.setattr(sights, "CHUNK", 5)
    parts = sights.look(readings, hashed, whole=whole, aside_cells=256)
    pairs = [(at_once.counts, parts.counts), (at_once.single, parts.single)]
    for left, right in (*pairs, *zip(at_once.aside, parts.aside, strict=True)):
        assert left.dtype == right.dtype
        assert (left != right).nnz == 0
        np.testing.assert_array_equal(left.indices, right.indices)
    np.testing.assert_array_equal(at_once.figures, parts.figures)
    np.testing.assert_array_equal(at_once.owner, parts.owner)
