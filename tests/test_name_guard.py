"""The guard over the logs of a test run can fail."""

import subprocess
import sys
from pathlib import Path

from tests.name_guard import persons

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import logging, subprocess, sys
from pathlib import Path
from urllib.parse import quote_plus
import pytest
from pipeline.identities import Place, Ring

NAME = Path(__file__).with_name("ten.txt").read_text("utf-8")
SEALED = "Thạch Sơ Mẫu"

def test_names():
    logging.getLogger("x").warning("kept: %s", NAME)

def test_names_nobody():
    try:
        raise ValueError(NAME)
    except ValueError:
        logging.getLogger("x").exception("not kept")
    logging.getLogger("x").warning("kept: %s", SEALED)

def test_names_a_sealed_child_in_an_address():
    Ring({"k": bytes(32)}).seal({"name": SEALED, "phone": "0900 000 111"}, Place(1, "child", "A"))
    log = logging.getLogger("y")
    log.propagate = False
    log.warning("asked: /tim?q=%s", quote_plus(SEALED))

def test_names_in_a_child_process():
    subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('0900 000 111')"], capture_output=True)

def test_names_in_a_child_process_that_shares_its_standard_error():
    subprocess.run([sys.executable, "-c", f"import os; os.write(2, {NAME!r}.encode())"])
"""


def test_a_test_during_which_a_log_names_a_person_fails_and_one_that_does_not_passes(tmp_path: Path) -> None:
    (tmp_path / "test_logs.py").write_text(TESTS, "utf-8")
    (tmp_path / "ten.txt").write_text(min(persons()), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "tests.name_guard", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout
    assert "5 passed, 4 errors" in done.stdout
    assert "test_names_nobody" not in done.stdout
    assert "names in logs: " in done.stdout
    assert "names in logs: 0 " not in done.stdout
