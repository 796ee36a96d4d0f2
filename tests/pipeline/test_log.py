"""After a whole scan of the sample papers, and after a crash with a row in hand, no log names a person."""

import logging
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from models.session import Store
from models.tables import User
from pipeline.log import Discreet, report
from spiders.sample_press import SamplePress, load_articles
from tests.forks import ForkServer
from tests.name_guard import persons


def test_no_log_of_a_scan_names_a_person_or_quotes_an_article(
    sqlite_store: Store, forks: ForkServer, tmp_path: Path
) -> None:
    names = persons()
    assert len(names) >= 10
    with SamplePress(date(2026, 11, 21)) as press:
        address = press.base.removeprefix("http://")
        words = (sqlite_store.url, address, "2026-11-21", "log")
        scan = forks.start("tests.pipeline.scan_driver", *words, folder=tmp_path)
        out, err = scan.communicate(120)
    assert scan.returncode == 0, err[-1500:]
    assert "INFO" in err, "there was something to look through"
    said = err + out
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
