import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from classifier.persons import load
from models.records import FeedEntry, Verdict
from models.session import Store, StoreError
from models.store import articles, machines, models_registry, outlets, runs, verdicts
from models.store.verdicts import Judged
from models.tables import Article, Model
from pipeline import backup, machine, service
from pipeline.cli.doctor import doctor
from pipeline.config import Settings
from pipeline.doctor import Check, examine, worst
from pipeline.watchdog import WatchdogError, tell_when_bad

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var", watchdog="json://a.example")


def work(store: Store, *, at: datetime, articles_seen: int = 5, flag: bool = True) -> None:
    """One finished scan at that time."""
    day = (at + timedelta(hours=7)).date()
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=day, at=at)
        for number in range(articles_seen):
            entry = FeedEntry(url=f"https://bao-mau.example/{day}/{number}", title=f"Tin {number} ngày {day}")
            articles.see_entry(session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=day, at=at)
        items = verdicts.unjudged(session, model="m", limit=1000)
        found = Verdict("m", 0.9, flag, "vu_viec", {})
        verdicts.save(session, [Judged(item, found, None) for item in items], finder="f", at=at)
        runs.finish(session, run_id, at=at, counters={})


def checks(store: Store, settings: Settings, now: datetime = NOW) -> dict[str, Check]:
    return {check.code: check for check in examine(settings, lambda _: store, now=now)}


def test_a_service_that_works_has_no_complaint_but_what_is_not_set_up(store: Store, settings: Settings) -> None:
    for day in range(6, -1, -1):
        work(store, at=NOW - timedelta(days=day, hours=1))
    found = checks(store, settings)
    complaints = {code for code, check in found.items() if check.state != "ok"}
    assert complaints - {"disk"} == {"backup", "digest"}


def test_a_scan_that_did_not_happen_is_told_with_what_to_do(store: Store, settings: Settings) -> None:
    assert checks(store, settings)["scan"].state == "bad"
    work(store, at=NOW - timedelta(days=2))
    found = checks(store, settings)["scan"]
    assert found.state == "bad"
    assert "2 ngày trước" in found.seen
    assert "diembao scan" in found.todo


def test_days_without_any_flag_and_a_fall_of_volume_are_noticed(store: Store, settings: Settings) -> None:
    work(store, at=NOW - timedelta(days=7), articles_seen=30)
    for day in range(6, 1, -1):
        work(store, at=NOW - timedelta(days=day), articles_seen=30, flag=False)
    work(store, at=NOW - timedelta(days=1), articles_seen=2, flag=False)
    found = checks(store, settings)
    assert (found["flagged"].state, found["volume"].state) == ("bad", "warn")
    assert "2 bài" in found["volume"].seen


def test_a_clock_that_was_set_back_is_noticed(store: Store, settings: Settings) -> None:
    work(store, at=NOW)
    assert checks(store, settings, NOW - timedelta(days=3))["clock"].state == "bad"


def test_a_database_that_cannot_be_opened_is_one_clear_complaint(settings: Settings) -> None:
    def fails(_: Settings) -> Store:
        message = "không dùng được cơ sở dữ liệu"
        raise StoreError(message)

    found = examine(settings, fails, now=NOW)
    assert found[0].code == "database"
    assert worst(found) == "bad"


def test_an_old_backup_is_bad_and_a_fresh_one_fine(sqlite_store: Store, settings: Settings) -> None:
    backup.make(sqlite_store, settings.archive_dir, settings.backup_dir, password="x", now=NOW)
    assert checks(sqlite_store, settings)["backup"].state == "ok"
    assert checks(sqlite_store, settings, NOW + timedelta(days=3))["backup"].state == "bad"


def test_the_watchdog_tells_once_and_again_when_something_else_breaks(settings: Settings) -> None:
    told: list[str] = []

    def sender(channel: str, title: str, body: str) -> bool:
        told.append(body)
        return True

    bad = [Check("scan", "Quét báo", "bad", "chưa chạy", "chạy đi")]
    assert [tell_when_bad(settings, bad, now=NOW, sender=sender) for _ in range(2)] == [True, False]
    worse = [*bad, Check("disk", "Đĩa", "bad", "đầy", "dọn")]
    assert tell_when_bad(settings, worse, now=NOW, sender=sender)
    assert tell_when_bad(settings, worse, now=NOW + timedelta(hours=13), sender=sender)
    assert not tell_when_bad(settings, [], now=NOW, sender=sender)
    assert tell_when_bad(settings, bad, now=NOW, sender=sender)
    assert "Đĩa: đầy" in told[1]


def test_a_watchdog_that_reaches_nobody_says_so_and_tries_again(settings: Settings) -> None:
    bad = [Check("scan", "Quét báo", "bad", "chưa chạy", "chạy đi")]
    for _ in range(2):
        with pytest.raises(WatchdogError, match="không nhận"):
            tell_when_bad(settings, bad, now=NOW, sender=lambda *_: False)
    with pytest.raises(WatchdogError, match="DIEMBAO_WATCHDOG"):
        tell_when_bad(replace(settings, watchdog=""), bad, now=NOW)


def test_a_machine_that_fell_silent_is_missed_but_not_one_that_was_stopped(store: Store, settings: Settings) -> None:
    def report(name: str, minutes: int, *, stopping: bool = False) -> None:
        with store.write() as session:
            machines.report(session, name, queues="read", at=NOW - timedelta(minutes=minutes), stopping=stopping)

    report("may-mot", 1)
    report("may-hai", 30)
    report("may-ba", 30, stopping=True)
    found = checks(store, settings)["machines"]
    assert (found.state, "may-hai" in found.seen) == ("bad", True)
    assert not {"may-mot", "may-ba"} & set(found.seen.split())
    report("may-hai", 0)
    assert "machines" not in checks(store, settings)
    with store.write() as session:
        assert [machines.forget(session, "may-hai"), machines.forget(session, "may-hai")] == [True, False]


def test_a_model_whose_file_was_refused_is_told_until_another_works(store: Store, settings: Settings) -> None:
    with store.write() as session:
        row = models_registry.add(session, name="nha-1", sha256="0" * 64, origin="trained", card={}, at=NOW)
        row.role = "current"
        models_registry.note(session, row, "refuse", at=NOW, user_id=None, detail={"why": "khác dấu"})
    found = checks(store, settings)["model"]
    assert (found.state, "nha-1" in found.seen) == ("bad", True)
    with store.write() as session:
        models_registry.note(session, session.get_one(Model, 1), "promote", at=NOW, user_id=None, detail={})
    assert "model" not in checks(store, settings)


def test_the_command_prints_each_check_and_fails_when_one_is_bad() -> None:
    shown = CliRunner().invoke(doctor, [])
    assert shown.exit_code == 1
    assert "✗ Quét báo" in shown.output
    assert "✓ Tên người trong bài: underthesea nạp được" in shown.output
    listed = json.loads(CliRunner().invoke(doctor, ["--json"]).output)
    assert {"code", "name", "state", "seen", "todo"} == set(listed[0])


def test_a_library_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "underthesea", None)
    load.cache_clear()
    found = machine.names()
    load.cache_clear()
    assert (found.state, "underthesea" in found.seen, bool(found.todo)) == ("warn", True, True)


def test_units_name_the_interpreter_safely_and_every_timer_has_its_service(settings: Settings, tmp_path: Path) -> None:
    files = service.units(settings, user="diembao", env=Path("/etc/diembao.env"))
    for name, text in files.items():
        if name.endswith(".service"):
            assert " -P -m pipeline " in text
            assert str(settings.data_dir.resolve()) in text
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in files
    written = service.write(files, tmp_path / "units")
    assert len(written) == len(files)
    (tmp_path / "file").write_text("x")
    with pytest.raises(service.ServiceError, match="không ghi được"):
        service.write(files, tmp_path / "file")


def test_days_are_counted_from_the_first_day_with_articles(sqlite_store: Store) -> None:
    from models.store.doctor import figures

    work(sqlite_store, at=NOW - timedelta(days=3), articles_seen=4)
    with sqlite_store.read() as session:
        assert figures(session, today=date(2026, 11, 21), now=NOW).per_day == (4, 0, 0)


def test_papers_that_print_later_times_than_ours_show_a_slow_clock(store: Store, settings: Settings) -> None:
    def print_times(ahead: timedelta, outlets_number: int) -> None:
        with store.write() as session:
            run_id = runs.start(session, day=NOW.date(), at=NOW)
            for number in range(outlets_number):
                name = f"bao_{number}"
                outlets.keep(session, id=name, title=name, home=f"https://{name}.example", province=None)
                url = f"https://{name}.example/{ahead}"
                entry = FeedEntry(url=url, title="Tin mẫu", published=NOW + ahead)
                articles.see_entry(session, entry, identity=url, outlet=name, run_id=run_id, day=NOW.date(), at=NOW)

    print_times(timedelta(hours=-1), 6)
    assert checks(store, settings)["clock"].state == "ok"
    print_times(timedelta(hours=1), 2)
    assert checks(store, settings)["clock"].state == "ok", "two papers with wrong clocks prove nothing"
    print_times(timedelta(hours=2), 6)
    slow = checks(store, settings)["clock"]
    assert slow.state == "bad"
    assert "chậm" in slow.seen


def test_an_article_that_waits_long_to_be_judged_is_bad(store: Store, settings: Settings) -> None:
    work(store, at=NOW - timedelta(hours=7))
    assert checks(store, settings)["judging"].state == "ok"
    with store.write() as session:
        session.execute(update(Article).values(verdict_id=None, judged_version_id=None))
    waiting = checks(store, settings)["judging"]
    assert waiting.state == "bad"
    assert "7 giờ trước" in waiting.seen


def test_the_watchdog_tells_also_when_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    settings = Settings(data_dir=tmp_path / "var", watchdog="json://a.example")
    late = [Check("digest", "Điểm báo hôm nay", "warn", "quá 7 giờ 30 mà chưa lập", "lập đi")]
    assert tell_when_bad(settings, late, now=NOW, sender=lambda *_: True)
    assert not tell_when_bad(settings, [Check("lists", "Nguồn tin", "warn", "", "")], now=NOW, sender=lambda *_: True)
