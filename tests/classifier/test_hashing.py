import numpy as np
import pytest
from sklearn.feature_extraction import FeatureHasher

from classifier import hashing

ROWS = [["bé", "bé mẫu", "bé"], [], ["xã", "‹12›", "xã mẫu", "😀"], [f"từ{n}" for n in range(300)]]


@pytest.mark.parametrize("cells", [16, 512, 1 << 18])
def test_cells_and_signs_are_those_of_the_library(cells: int) -> None:
    made = hashing.signed_rows([hashing.hashes(row) for row in ROWS], cells)
    library = FeatureHasher(cells, input_type="string", dtype=np.float32).transform(ROWS)
    library.data = np.sign(library.data)
    for name in ("indices", "indptr", "data"):
        np.testing.assert_array_equal(getattr(made, name), getattr(library, name))


def test_hashes_kept_are_few_and_stay_right(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashing.hashes(ROWS[3])
    monkeypatch.setattr(hashing, "MOST", 7)
    kept = hashing._Hashes()
    monkeypatch.setattr(hashing, "_HASHES", kept)
    assert hashing.hashes(ROWS[3]) == before
    assert len(kept) <= 7
