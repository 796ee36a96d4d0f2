from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.settings import settings as command
from pipeline.config import WORDS, Settings, SettingsError, read_settings, show_settings


def test_settings_come_from_the_environment_once() -> None:
    settings = read_settings({"DIEMBAO_DATA_DIR": "/srv/diembao", "DIEMBAO_TERRITORY": "01, 38", "HOME": "/x"})
    assert settings.data_dir == Path("/srv/diembao")
    assert settings.territory == ("01", "38")
    assert settings.store_url == "sqlite:////srv/diembao/diembao.db"


def test_a_mistyped_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="DIEMBAO_TERITORY"):
        read_settings({"DIEMBAO_TERITORY": "01"})


def test_a_named_database_wins_over_the_folder() -> None:
    assert read_settings({"DIEMBAO_DATABASE_URL": "sqlite:///x.db"}).store_url == "sqlite:///x.db"


def test_one_file_holds_the_settings_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    file = tmp_path / "diembao.toml"
    file.write_text('data_dir = "data"\nterritory = ["01", "38"]\ncontact = "a@b.example"\n', "utf-8")
    settings = read_settings({"DIEMBAO_CONFIG": str(file), "DIEMBAO_CONTACT": "c@d.example"})
    assert (settings.data_dir, settings.territory) == (tmp_path / "data", ("01", "38"))
    assert settings.contact == "c@d.example"
    with pytest.raises(SettingsError, match="data_dir"):
        read_settings({"DIEMBAO_DATA_DIR": str(tmp_path)})
    file.write_text('territory = "01"\n', "utf-8")
    assert read_settings({"DIEMBAO_DATA_DIR": str(tmp_path)}).territory == ("01",), "found in the data folder"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('contract = "x"', "contract"),
        ("contact = 3", "contact"),
        ("contact = ", "không đọc được"),
        ('metrics = "short"', "metrics"),
        ('proxy = "proxy.example:3128"', "proxy"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "diembao.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=complaint):
        read_settings({"DIEMBAO_DATA_DIR": str(tmp_path)})


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="không có tệp"):
        read_settings({"DIEMBAO_CONFIG": str(tmp_path / "khong-co.toml")})


def test_every_setting_is_explained_and_shown_with_its_origin_but_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(WORDS) == [field.name for field in fields(Settings)]
    (tmp_path / "diembao.toml").write_text('contact = "a@b.example"\nwatchdog = "mailto://x:matkhau1@y"\n', "utf-8")
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", "postgresql+psycopg://db:matkhau2@host/diembao")
    shown = {one.name: one for one in show_settings()[1]}
    assert (shown["contact"].origin, shown["database_url"].origin, shown["proxy"].origin) == (
        "tệp cấu hình",
        "biến môi trường",
        "mặc định",
    )
    printed = CliRunner().invoke(command).output
    assert "matkhau" not in printed
    assert all(f"DIEMBAO_{name.upper()}" in printed for name in WORDS)
