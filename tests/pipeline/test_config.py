from pathlib import Path

import pytest

from pipeline.config import SettingsError, read_settings


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
