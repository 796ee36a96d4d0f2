"""Rules of the house that a machine can hold."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS, cli
from pipeline.config import Settings

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["models", "spiders", "classifier", "pipeline", "review_ui"]


def test_the_wheel_holds_exactly_the_five_packages() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == PACKAGES


def test_each_setting_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [field.name for field in fields(Settings) if f"`DIEMBAO_{field.name.upper()}`" not in text] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_loads_and_explains_itself(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > lock.count("==")


def test_a_model_file_is_never_a_pickle() -> None:
    found = [path for suffix in ("pkl", "pickle", "joblib") for path in ROOT.glob(f"[!.]*/**/*.{suffix}")]
    assert found == []


def test_no_code_prints_outside_the_command_line_and_benches() -> None:
    sources = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    printing = re.compile(r"^\s*print\(", re.MULTILINE)
    assert [path.name for path in sources if "cli" not in path.parts and printing.search(path.read_text("utf-8"))] == []
