"""Single sign-on against a small provider of ours on this machine, which can also cheat."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import make_url, select

from models.session import Store
from models.store import users
from models.tables import AuditEntry
from pipeline.config import Settings
from review_ui.app import create_app
from tests.review_ui.conftest import Clock, Person, World
from tests.review_ui.seed import add_user

CLIENT, SECRET = "diembao", "khoá mẫu".encode().hex()
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})


@dataclass
class Provider:
    """`code` is handed out by hand (no browser); `cheat` changes what the identity token says."""

    address: str = ""
    name: str = "lan"
    nonce: str = ""
    challenge: str = ""
    key: RSAKey = field(default_factory=lambda: KEY)
    cheat: dict[str, Any] = field(default_factory=dict)

    def token(self) -> str:
        said = {"iss": self.address, "aud": CLIENT, "sub": "1", "nonce": self.nonce, "preferred_username": self.name}
        claims = {**said, "exp": int(time.time()) + 60, "iat": int(time.time()), **self.cheat}
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)


@pytest.fixture
def provider() -> Iterator[Provider]:
    here = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("openid-configuration"):
                ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                self._say({"issuer": here.address, **{name: f"{here.address}/{end}" for name, end in ends.items()}})
            else:
                self._say({"keys": [KEY.as_dict(private=False)]})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest())
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            right = proof.decode().rstrip("=") == here.challenge and self.headers["authorization"] == f"Basic {basic}"
            if right and sent["code"] == ["mã-mẫu"]:
                self._say({"access_token": "x", "token_type": "Bearer", "id_token": here.token()})
            else:
                self._say({"error": "invalid_grant"}, 400)

        def _say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        here.address = f"http://127.0.0.1:{server.server_port}"
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def house(sqlite_store: Store, provider: Provider, clock: Clock, tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "sso.txt"
    file.write_text(SECRET, "utf-8")
    settings = Settings(
        data_dir=tmp_path,
        database_url=make_url(sqlite_store.url).render_as_string(hide_password=False),
        public_url="http://testserver",
        oidc_issuer=provider.address,
        oidc_client=CLIENT,
        oidc_secret_file=file,
    )
    with sqlite_store.write() as session:
        add_user(session, "lan", "officer")
        add_user(session, "nghi", "officer").active = False
    app = create_app(settings, now=clock)
    yield World(sqlite_store, app, clock, {})
    app.state.house.store.close()


def go_there(person: Person, provider: Provider) -> str:
    """The state with which the provider would send the browser back."""
    sent = person.get("/dang-nhap/sso")
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert sent.headers["location"].startswith(f"{provider.address}/authorize?")
    assert asked["redirect_uri"] == ["http://testserver/dang-nhap/sso/ve"]
    provider.nonce, provider.challenge = asked["nonce"][0], asked["code_challenge"][0]
    return asked["state"][0]


def test_a_known_person_comes_in_by_their_agency_s_account(house: World, provider: Provider) -> None:
    person = house.nobody()
    assert "Đăng nhập bằng tài khoản cơ quan" in person.get("/dang-nhap").text
    state = go_there(person, provider)
    page = person.get(f"/dang-nhap/sso/ve?code=mã-mẫu&state={state}")
    assert page.status_code == 200
    assert 'url=/"' in page.text
    assert "Hôm nay" in person.get("/").text
    with house.store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "signin.ok")).one()
    assert entry.detail["how"] == "sso"


@pytest.mark.parametrize(
    "bad",
    [
        {"nonce": "khác"},
        {"aud": "nơi khác"},
        {"iss": "https://khac.example"},
        {"exp": 1},
        {"preferred_username": None},
        {"preferred_username": "người-lạ"},
        {"preferred_username": "nghi"},
    ],
)
def test_a_token_that_is_not_for_us_or_for_nobody_known_lets_nobody_in(
    house: World, provider: Provider, bad: dict[str, Any]
) -> None:
    provider.cheat = bad
    person = house.nobody()
    state = go_there(person, provider)
    assert person.get(f"/dang-nhap/sso/ve?code=mã-mẫu&state={state}").status_code == 401
    assert person.get("/").status_code == 303


def spoil_key(provider: Provider) -> str:
    provider.key = OTHER
    return ""


def spoil_proof(provider: Provider) -> str:
    provider.challenge = "x"
    return ""


@pytest.mark.parametrize("spoil", [spoil_key, spoil_proof, lambda _: "x"])
def test_a_foreign_key_a_stolen_code_or_another_browser_s_state_is_refused(
    house: World, provider: Provider, spoil: Callable[[Provider], str]
) -> None:
    person = house.nobody()
    state = go_there(person, provider) + spoil(provider)
    assert person.get(f"/dang-nhap/sso/ve?code=mã-mẫu&state={state}").status_code == 401
    assert house.nobody().get(f"/dang-nhap/sso/ve?code=mã-mẫu&state={state}").status_code == 401


def test_a_second_step_is_still_asked_for(house: World, provider: Provider) -> None:
    with house.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_totp(session, user, "JBSWY3DPEHPK3PXP")
    person = house.nobody()
    state = go_there(person, provider)
    assert "buoc-hai" in person.get(f"/dang-nhap/sso/ve?code=mã-mẫu&state={state}").text
    assert person.get("/").status_code == 303


def test_without_a_provider_there_is_no_such_page(one_world: World) -> None:
    assert one_world.nobody().get("/dang-nhap/sso").status_code == 404
    assert "tài khoản cơ quan" not in one_world.nobody().get("/dang-nhap").text
