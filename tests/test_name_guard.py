"""The guard over the logs of a test run can fail."""

import subprocess
import sys
from pathlib import Path

from tests.name_guard import persons

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import logging
from pathlib import Path
import pytest

NAME = Path(__file__).with_name("ten.txt").read_text("utf-8")

def test_names():
    logging.getLogger("x").warning("kept: %s", NAME)

def test_names_nobody():
    try:
        raise ValueError(NAME)
    except ValueError:
        logging.getLogger("x").exception("not kept")
"""


def test_a_log_that_names_a_person_fails_its_test_and_one_that_does_not_passes(tmp_path: Path) -> None:
    (tmp_path / "test_logs.py").write_text(TESTS, "utf-8")
    (tmp_path / "ten.txt").write_text(min(persons()), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "tests.name_guard", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 passed, 1 error" in done.stdout
