"""`diembao user` and `diembao audit` from end to end."""

import re

from click.testing import CliRunner
from sqlalchemy import delete

from models.clock import now
from models.passwords import matches
from models.store import audit as trail
from models.store import users
from models.tables import AuditEntry
from pipeline.cli.audit import audit
from pipeline.cli.user import user
from pipeline.config import read_settings
from pipeline.open_store import open_store

PASSWORD = "chín con chim sẻ trên mái"


def test_a_user_is_added_with_a_password_and_locked_out_again() -> None:
    runner = CliRunner()
    added = runner.invoke(user, ["add", "Hoa", "--role", "officer"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output
    store = open_store(read_settings())
    with store.read() as session:
        found = users.find_user(session, "hoa")
    assert found is not None
    assert matches(found.password_hash, PASSWORD)
    assert runner.invoke(user, ["active", "hoa", "--off"]).exit_code == 0
    assert "đã khoá" in runner.invoke(user, ["list"]).output
    assert isinstance(runner.invoke(user, ["link", "không có"]).exception, users.UserError)


def test_a_link_signs_in_once() -> None:
    made = CliRunner().invoke(user, ["add", "hoa", "--role", "admin", "--link", "--base", "https://noi-bo.example/"])
    token = re.search(r"https://noi-bo\.example/dang-nhap/mot-lan\?token=([\w-]+)", made.output)
    assert token
    with open_store(read_settings()).write() as session:
        assert users.use_sign_in_token(session, token[1], now()) is not None
        assert users.use_sign_in_token(session, token[1], now()) is None


def test_the_audit_trail_is_verified_and_a_cut_end_shows_against_the_noted_head() -> None:
    runner = CliRunner()
    store = open_store(read_settings())
    for number in range(3):
        with store.write() as session:
            trail.append(session, at=now(), action="case.read", object=f"case/{number}")
    good = runner.invoke(audit, ["verify"])
    assert good.exit_code == 0
    noted = good.output.split()[-1]
    with store.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == 3))
    assert runner.invoke(audit, ["verify"]).exit_code == 0
    assert runner.invoke(audit, ["verify", "--head", noted]).exit_code == 1
    with store.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == 1))
    assert runner.invoke(audit, ["verify"]).exit_code == 1
