"""The programs' door: what a token opens, what it does not, and that no request breaks it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from models.store import api_tokens, audit
from models.tables import ApiToken, LeadAnswer
from review_ui.rate import Rate
from tests.review_ui.conftest import World
from tests.review_ui.seed import NOW
from tests.review_ui.test_clocks import open_case
from tests.review_ui.test_leads import add_recipient, send

LEAD = "NT-2026-0001-1"
RECEIVED = {"kind": "received", "happened_at": "2026-11-21T07:30:00+07:00", "known": False}


def token(world: World, recipient: int = 1, scopes: tuple[str, ...] = ("read", "answer"), *units: str) -> str:
    with world.store.write() as session:
        return api_tokens.make(
            session,
            recipient,
            holder="Phần mềm mẫu",
            scopes=scopes,
            territory=units,
            expires_at=NOW + timedelta(days=1),
            user_id=1,
            now=NOW,
        )


def caller(world: World, secret: str) -> TestClient:
    headers = {"authorization": f"Bearer {secret}"}
    return TestClient(world.app, base_url="http://testserver", headers=headers)


@pytest.fixture
def sent(one_world: World) -> World:
    """One case sent to the police (recipient 1) and to a commune (2)."""
    open_case(one_world)
    person = one_world.sign_in("lan")
    for profile in ("police", "commune"):
        send(person, add_recipient(one_world, profile), 1)
    return one_world


def test_a_token_opens_its_own_recipient_s_leads_and_every_reading_is_on_record(sent: World) -> None:
    api = caller(sent, token(sent))
    [lead] = api.get("/api/v1/leads").json()["leads"]
    assert (lead["lead"], lead["state"], lead["row"]["case"]) == (LEAD, "sent", "VV-2026-0001")
    assert api.get(f"/api/v1/leads/{LEAD}").json() == lead
    assert api.get("/api/v1/leads/NT-2026-0001-2").status_code == 404
    assert api.get("/api/v1/leads", params={"since": "2026-12-01T00:00:00Z"}).json() == {"leads": []}
    with sent.store.read() as session:
        assert [line.action for line in audit.lines(session)].count("lead.api_read") == 3
        [row] = session.query(ApiToken).all()
        assert row.used_at == NOW


def test_scope_territory_end_and_taking_back_are_kept(sent: World) -> None:
    assert caller(sent, "sai").get("/api/v1/leads").status_code == 401
    assert caller(sent, token(sent, 1, ("answer",))).get("/api/v1/leads").status_code == 403
    elsewhere = caller(sent, token(sent, 1, ("read",), "48"))
    assert elsewhere.get("/api/v1/leads").json() == {"leads": []}
    assert elsewhere.get(f"/api/v1/leads/{LEAD}").status_code == 404
    api = caller(sent, token(sent))
    with sent.store.write() as session:
        api_tokens.revoke(session, 3, user_id=1, now=NOW)
    assert api.get("/api/v1/leads").status_code == 401
    api = caller(sent, token(sent))
    sent.clock.forward(days=2)
    assert api.get("/api/v1/leads").status_code == 401
    with sent.store.read() as session:
        assert all(len(row.sha256) == 64 for row in session.query(ApiToken))


def test_an_answer_counts_once_under_its_key_and_must_fit(sent: World) -> None:
    api, address = caller(sent, token(sent)), f"/api/v1/leads/{LEAD}/answers"
    assert api.post(address, json=RECEIVED).status_code == 422
    first = api.post(address, json=RECEIVED, headers={"idempotency-key": "k1"})
    assert (first.status_code, first.json()) == (201, {"lead": LEAD, "state": "received", "new": True})
    again = api.post(address, json=RECEIVED, headers={"idempotency-key": "k1"})
    assert (again.status_code, again.json()["new"]) == (200, False)
    early = {"kind": "decision", "happened_at": RECEIVED["happened_at"], "outcome": "khoi_to"}
    assert api.post(address, json=early, headers={"idempotency-key": "k2"}).status_code == 409
    assert api.post(address, json={**RECEIVED, "them": 1}, headers={"idempotency-key": "k3"}).status_code == 422
    with sent.store.read() as session:
        assert [(row.kind, row.source, row.known) for row in session.query(LeadAnswer)] == [("received", "api", False)]


def test_a_form_s_session_opens_nothing_here_and_a_token_no_page(sent: World) -> None:
    assert sent.sign_in("lan").get("/api/v1/leads").status_code == 401
    assert caller(sent, token(sent)).get("/vu-viec", follow_redirects=False).status_code == 303


def test_whoever_calls_too_fast_is_asked_to_wait() -> None:
    at = [0.0]
    rate = Rate(2, 10.0, lambda: at[0])
    assert [rate.wait("a") for _ in range(3)] == [0, 0, 10]
    assert rate.wait("b") == 0
    at[0] = 7.5
    assert rate.wait("a") == 3
    at[0] = 10.0
    assert rate.wait("a") == 0


def test_no_request_made_from_the_description_breaks_the_door(sent: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, headers and bodies of every answer are as the OpenAPI description says, whatever is sent. (That a token
    is needed has tests of its own: here every request carries one. Times outside 2020–2100 are refused, which the
    description can say only in words.)"""
    import schemathesis  # a second of imports, for this test alone
    from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

    monkeypatch.setattr("review_ui.rate.Rate.wait", lambda _self, _key: 0)
    headers = {"authorization": f"Bearer {token(sent)}"}
    operations = [
        found.ok() for found in schemathesis.openapi.from_asgi("/api/openapi.json", sent.app).get_all_operations()
    ]
    assert len(operations) == 4
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=[ignored_auth, positive_data_acceptance])

        holds()
