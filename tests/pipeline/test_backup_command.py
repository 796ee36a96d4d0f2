from pathlib import Path

import pytest
from click.testing import CliRunner

from models.errors import DiembaoError
from pipeline.cli.backup import backup


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "khoa"
    path.write_text("mat-khau\n", "utf-8")
    monkeypatch.setenv("DIEMBAO_BACKUP_KEY_FILE", str(path))
    return path


def test_make_verify_and_restore_by_command(key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    made = runner.invoke(backup, ["make"], catch_exceptions=False)
    assert "Đã sao lưu và kiểm tra" in made.output
    (file,) = (tmp_path / "var" / "backups").iterdir()
    assert "nguyên vẹn" in runner.invoke(backup, ["verify", str(file)], catch_exceptions=False).output
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path / "moi"))
    assert "Đã phục hồi" in runner.invoke(backup, ["restore", str(file)], catch_exceptions=False).output
    assert (tmp_path / "moi" / "diembao.db").exists()


def test_without_a_key_file_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DiembaoError, match="DIEMBAO_BACKUP_KEY_FILE"):
        CliRunner().invoke(backup, ["make"], catch_exceptions=False)
    assert not (tmp_path / "var").exists()
