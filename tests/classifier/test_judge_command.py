import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier import artefacts
from classifier.artefacts import ArtefactError
from models.store import models_registry
from pipeline.cli.judge import judge
from pipeline.cli.train import train
from pipeline.config import read_settings
from pipeline.open_store import open_store
from tests.pipeline.learning.conftest import small_model

ROWS = [
    {"id": "1", "title": "Bé gái 5 tuổi bị cha dượng đánh gãy tay", "sapo": None, "text": None},
    {"id": "2", "title": "Đội bóng thắng trận mở màn", "sapo": "Các cầu thủ ăn mừng cùng khán giả."},
]


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "in.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_line_is_answered_in_order(tmp_path: Path, workers: str) -> None:
    source, target = written(tmp_path, [json.dumps(row) for row in ROWS]), tmp_path / "out.jsonl"
    result = CliRunner().invoke(judge, [str(source), "-o", str(target), "--workers", workers])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [row["flag"] for row in rows] == [1, 0]
    assert rows[0]["age"] == "0_5"
    assert rows[0]["age_basis"] == "stated"
    assert rows[0]["reason"].startswith("Nghi ")


def test_bad_lines_give_exit_code_1_and_their_own_answer(tmp_path: Path) -> None:
    source, target = written(tmp_path, ["{", json.dumps(ROWS[0])]), tmp_path / "out.jsonl"
    result = CliRunner().invoke(judge, [str(source), "-o", str(target)])
    assert result.exit_code == 1
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["id"] is None
    assert rows[0]["error"]
    assert rows[1]["id"] == "1"


def test_a_territory_says_inside_or_not(tmp_path: Path) -> None:
    row = {"id": "1", "title": "Hà Nội: bé gái 5 tuổi bị cha dượng đánh gãy tay", "sapo": "Công an TP Hà Nội điều tra."}
    source, target = written(tmp_path, [json.dumps(row)]), tmp_path / "out.jsonl"
    result = CliRunner().invoke(judge, [str(source), "-o", str(target), "--territory", "01"])
    assert result.exit_code == 0, result.output
    said = json.loads(target.read_text(encoding="utf-8"))
    assert said["place"]["new_province"] == "01"
    assert said["in_territory"] == "yes"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, [json.dumps(ROWS[0])])
    result = CliRunner().invoke(judge, [str(source), "--model", str(tmp_path)])
    assert isinstance(result.exception, ArtefactError)


def test_a_model_of_somebody_else_is_opened_only_when_registered_or_trusted_by_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its card and file agree with one another, which proves nothing; a folder altered after the yes is refused too."""
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DIEMBAO_DATABASE_URL", raising=False)
    folder = tmp_path / "m"
    artefacts.write(folder, small_model(), {"id": "khach"})
    digest = artefacts.digest(folder / artefacts.MODEL_FILE)
    source = written(tmp_path, [json.dumps(ROWS[0])])
    asked = [str(source), "--model", str(folder)]
    refused = CliRunner().invoke(judge, asked)
    assert isinstance(refused.exception, ArtefactError)
    assert digest in str(refused.exception)
    assert not (tmp_path / "data").exists()
    assert isinstance(CliRunner().invoke(judge, [*asked, "--trust", "0" * 64]).exception, ArtefactError)
    assert '"model": "khach-' in CliRunner().invoke(judge, [*asked, "--trust", digest.upper()]).output
    with open_store(read_settings()).write() as session:
        models_registry.add(session, name="khach", sha256=digest, origin="imported", card={}, at=datetime.now(UTC))
    assert CliRunner().invoke(judge, asked).exit_code == 0
    artefacts.write(folder, {**small_model(), "threshold": 0.9}, {"id": "khach"})
    assert isinstance(CliRunner().invoke(judge, asked).exception, ArtefactError)


def test_training_without_its_corpus_names_the_missing_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(train, ["--corpus", str(tmp_path), "-o", str(tmp_path / "m")])
    assert result.exception is not None
    assert "labels_feed.jsonl" in str(result.exception)
