"""Single sign-on by OpenID Connect: the code flow with PKCE; the identity token is checked against the provider's keys.

An account of the same name has to be there already: the provider says who somebody is, never what they may do.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from models.errors import DiembaoError
from pipeline.config import Settings

ALGORITHMS = ["RS256", "ES256", "PS256"]
PATIENCE = 10.0
SCOPE = "openid profile"
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
Fetch = Callable[[str], dict[str, Any]]


class SsoError(DiembaoError):
    """The provider did not answer as it should, or the answer is not for us."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept in the browser while the person is at the provider."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def read(cls, cookie: str) -> "Asked | None":
        parts = cookie.split(".")
        return cls(*parts) if len(parts) == len(("state", "nonce", "verifier")) and all(parts) else None

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"


def begin(settings: Settings, callback: str) -> tuple[str, Asked]:
    """The provider's address to send the browser to, and what must come back."""
    asked = Asked(generate_token(32), generate_token(32), generate_token(64))
    address, _ = _client(settings, callback).create_authorization_url(
        _described(settings)["authorization_endpoint"],
        state=asked.state,
        nonce=asked.nonce,
        code_verifier=asked.verifier,
    )
    return str(address), asked


def finish(settings: Settings, callback: str, asked: Asked, *, state: str, code: str) -> str:
    """The name that the provider gives the person. Raises SsoError for whatever does not fit."""
    if not hmac.compare_digest(state.encode(), asked.state.encode()):
        raise SsoError("Lượt đăng nhập này không bắt đầu từ trình duyệt này")
    provider = _described(settings)
    try:
        with _client(settings, callback) as client:
            token = client.fetch_token(provider["token_endpoint"], code=code, code_verifier=asked.verifier)
            keys = KeySet.import_key_set(client.request("GET", provider["jwks_uri"], withhold_token=True).json())
        claims = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS).claims
        _registry(settings, asked).validate(claims)
    except (JoseError, KeyError, ValueError, httpx.HTTPError, OSError) as error:
        raise SsoError("Nơi đăng nhập chung trả lời không đúng") from error
    except Exception as error:  # the client has many errors of its own, without one root that it promises
        raise SsoError("Nơi đăng nhập chung từ chối lượt đăng nhập này") from error
    name = claims.get(settings.oidc_claim)
    if not isinstance(name, str) or not name.strip():
        raise SsoError(f"Nơi đăng nhập chung không cho biết «{settings.oidc_claim}»")
    return name.strip().lower()


def _registry(settings: Settings, asked: Asked) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": settings.oidc_issuer.rstrip("/")},
        aud={"essential": True, "value": settings.oidc_client},
        nonce={"essential": True, "value": asked.nonce},
        exp={"essential": True},
        sub={"essential": True},
    )


def _client(settings: Settings, callback: str) -> OAuth2Client:
    secret = settings.oidc_secret_file.read_text("utf-8").strip() if settings.oidc_secret_file else None
    return OAuth2Client(
        client_id=settings.oidc_client,
        client_secret=secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope=SCOPE,
        redirect_uri=callback,
        code_challenge_method="S256",
        timeout=PATIENCE,
        trust_env=False,
    )


def _described(settings: Settings) -> dict[str, Any]:
    """What the provider says of itself; one that names itself otherwise is not ours."""
    issuer = settings.oidc_issuer.rstrip("/")
    try:
        answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=PATIENCE, trust_env=False)
        found: dict[str, Any] = answer.raise_for_status().json()
        named = found["issuer"].rstrip("/")
        for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            found[key].startswith("http")
    except (httpx.HTTPError, ValueError, KeyError, AttributeError) as error:
        raise SsoError("Không hỏi được nơi đăng nhập chung") from error
    if named != issuer:
        raise SsoError("Nơi đăng nhập chung xưng một địa chỉ khác với cấu hình")
    return found
