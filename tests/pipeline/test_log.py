"""After a whole scan of the sample papers, and after a crash with a row in hand, no log names a person."""

import logging
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from models.session import Store
from models.tables import User
from pipeline.log import Discreet, report
from spiders.sample_press import SamplePress, load_articles
from tests.name_guard import persons

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import logging, sys
from pipeline.log import set_up
set_up()
logging.getLogger().setLevel(logging.INFO)
from tests.pipeline.scan_driver import main
main()
"""


def test_no_log_of_a_scan_names_a_person_or_quotes_an_article(sqlite_store: Store) -> None:
    names = persons()
    assert len(names) >= 10
    with SamplePress(date(2026, 11, 21)) as press:
        address = press.base.removeprefix("http://")
        command = [sys.executable, "-c", DRIVER, sqlite_store.url, address, "2026-11-21"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    assert "INFO" in done.stderr, "there was something to look through"
    said = done.stderr + done.stdout
    assert [name for name in names if name in said] == []
    assert [a.id for a in load_articles().values() if a.text.title in said or a.text.sapo[:60] in said] == []


def test_a_crash_with_a_row_in_hand_tells_where_but_not_what(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    row = {"name": "be_mau_danh_tinh", "display": "Bé Mẫu Danh Tính"}
    with pytest.raises(IntegrityError) as caught, store.write() as session:
        session.execute(insert(User), row)
    error = caught.value
    assert "be_mau_danh_tinh" in f"{error} {error.params}", "the exception itself would tell"
    logging.getLogger("test").error("step failed", exc_info=error)
    told = Discreet("%(message)s").format(caplog.records[-1]) + report(error)
    assert "step failed" in told
    assert "IntegrityError" in told
    assert "test_log.py" in told
    assert "be_mau_danh_tinh" not in told
    assert "Danh Tính" not in told
