"""From nothing to the first list by questions; a second run asks only what is still missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.clock import day_of, now
from models.session import Store
from models.store import outlet_choices, users
from pipeline.cli.setup import setup
from pipeline.config import Settings, read_settings
from pipeline.open_store import open_store
from pipeline.setup import SetupError, keep_setting, read_territory, territory_words
from spiders.sample_press import SamplePress

SECRET = "một câu đủ dài 2026"
ANSWERS = ["Bình Thạnh", "79", "sep", SECRET, SECRET, "", SECRET, SECRET, "y", "n"]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.setup.hash_password", lambda _: "hash")


@pytest.mark.usefixtures("_quick")
def test_the_questions_lead_to_a_territory_two_people_and_papers() -> None:
    done = CliRunner().invoke(setup, input="\n".join(ANSWERS) + "\n")
    assert done.exit_code == 0, done.output
    assert "có thể là nhiều đơn vị" in done.output
    assert "Địa bàn: thành phố Hồ Chí Minh." in done.output
    settings = read_settings()
    assert settings.territory == ("79",)
    store = Store(settings.store_url)
    with store.read() as session:
        assert [(user.name, user.role) for user in users.all_users(session)] == [("canbo", "officer"), ("sep", "admin")]
        stopped = outlet_choices.paused(session)
    assert "baonghean" in stopped
    assert not {"vnexpress", "sggp"} & stopped
    store.close()
    again = CliRunner().invoke(setup, ["--papers", "own", "--no-scan"])
    assert again.exit_code == 0, again.output
    assert "Mật khẩu" not in again.output


@pytest.mark.parametrize(
    ("typed", "refs", "said"),
    [
        ("", (), "cả nước"),
        ("Hà Nội", ("new:01",), "thành phố Hà Nội"),
        ("old:60; xã Phước Lợi, huyện Bến Lức, Long An", ("old:60", "old:28030"), "tỉnh Bình Thuận; xã Phước Lợi"),
    ],
)
def test_units_are_named_by_name_or_code_of_either_time(typed: str, refs: tuple[str, ...], said: str) -> None:
    assert read_territory(typed) == refs
    assert territory_words(refs).startswith(said)


def test_a_place_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SetupError, match="không có đơn vị"):
        read_territory("Xứ Không Đâu")


def test_a_setting_is_written_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "diembao.toml").write_text('contact = "a@mau.example"\nterritory = "01"\n', "utf-8")
    keep_setting(tmp_path, "territory", "old:60")
    settings = read_settings({"DIEMBAO_DATA_DIR": str(tmp_path)})
    assert (settings.contact, settings.territory) == ("a@mau.example", ("old:60",))


def test_the_first_list_is_printed(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    store = open_store(Settings(data_dir=folder))
    with store.write() as session:
        for name, role in (("sep", "admin"), ("lan", "officer")):
            users.add_user(session, name=name, display="", role=role, now=now())
    store.close()
    command = [sys.executable, "-m", "pipeline", "setup", "--territory", "", "--scan", "--sample-press"]
    with SamplePress(day_of(now())) as press:
        command.append(press.base.removeprefix("http://"))
        environ = {**os.environ, "DIEMBAO_DATA_DIR": str(folder)}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Bạo lực" in done.stdout
