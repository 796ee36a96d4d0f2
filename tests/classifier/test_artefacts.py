import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from classifier import artefacts
from classifier.artefacts import ArtefactError

MODEL = {"format": artefacts.FORMAT, "weights": np.arange(8, dtype=np.int8), "settings": {"a": 1.5, "b": ["x"]}}


def test_equal_figures_make_equal_bytes(tmp_path: Path) -> None:
    first = artefacts.write(tmp_path / "a", MODEL, {"id": "m"})
    again = {**MODEL, "weights": np.arange(8, dtype=np.int8)}
    second = artefacts.write(tmp_path / "b", again, {"id": "m"})
    assert first.read_bytes() == second.read_bytes()


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    artefacts.write(tmp_path, MODEL, {"id": "m"})
    model, card = artefacts.read(tmp_path)
    assert card["id"] == f"m-{card['sha256'][:8]}"
    assert model["weights"].tolist() == list(range(8))
    assert model["settings"] == {"a": 1.5, "b": ["x"]}


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = artefacts.write(tmp_path, MODEL, {"id": "m"})
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArtefactError, match="SHA-256"):
        artefacts.read(tmp_path)


def test_a_file_with_a_foreign_type_is_refused_even_with_a_fitting_card(tmp_path: Path) -> None:
    path = artefacts.write(tmp_path, MODEL, {"id": "m"})
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    schema = members["schema.json"].decode().replace('"__class__": "dict"', '"__class__": "Popen"', 1)
    schema = schema.replace('"__module__": "builtins"', '"__module__": "subprocess"', 1)
    with zipfile.ZipFile(path, "w") as target:
        for name, content in {**members, "schema.json": schema.encode()}.items():
            target.writestr(name, content)
    (tmp_path / "card.json").write_text(json.dumps({"id": "m", "sha256": artefacts.digest(path)}))
    with pytest.raises(ArtefactError, match=r"do not trust|not a readable"):
        artefacts.read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"\x80\x04N."])
def test_something_else_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.skops"
    path.write_bytes(content)
    (tmp_path / "card.json").write_text(json.dumps({"id": "m", "sha256": artefacts.digest(path)}))
    with pytest.raises(ArtefactError, match=r"model\.skops"):
        artefacts.read(tmp_path)


def test_a_missing_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"card\.json"):
        artefacts.read(tmp_path)


def test_the_shipped_model_is_small_and_deflated() -> None:
    path = Path(artefacts.__file__).parent / "released" / artefacts.MODEL_FILE
    assert path.stat().st_size < 10 * 1024 * 1024
    with zipfile.ZipFile(path) as source:
        assert {info.compress_type for info in source.infolist()} == {zipfile.ZIP_DEFLATED}
