"""How Convenor proves to Google who it is: the real google-auth, against an endpoint that checks what it signs."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import google_town
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from google_town import ORGANISER, GoogleTown

from bot.gateways.google_sign_in import EVENTS, FREE_BUSY, GoogleSignIn, NoToken
from bot.local.google.issuer import AUDIENCE, Issuer
from bot.local.google.world import ACCOUNT


@pytest.fixture
async def town() -> AsyncIterator[GoogleTown]:
    async with google_town.google_town() as made:
        yield made


async def token_of(sign_in: GoogleSignIn, scope: str = EVENTS) -> str:
    try:
        return await sign_in.token(scope)
    finally:
        await sign_in.close()


async def test_the_account_signs_for_one_user_and_one_scope(town: GoogleTown):
    token = await token_of(town.sign_in(), FREE_BUSY)
    [claims] = town.world.issuer.asked
    assert (claims["iss"], claims["sub"], claims["scope"]) == (ACCOUNT, ORGANISER, FREE_BUSY)
    assert (claims["aud"], claims["exp"] - claims["iat"]) == (AUDIENCE, 3_600)
    assert town.world.issuer.given[token].scopes == {FREE_BUSY}


async def test_a_token_that_is_still_good_is_not_asked_for_again(town: GoogleTown):
    sign_in = town.sign_in()
    assert len({await sign_in.token(EVENTS) for _ in range(3)}) == 1
    assert len(set(await asyncio.gather(*(sign_in.token(FREE_BUSY) for _ in range(5))))) == 1
    assert len(town.world.issuer.asked) == 2, "one for each scope"
    sign_in.forget(EVENTS)
    await sign_in.token(EVENTS)
    assert len(town.world.issuer.asked) == 3
    await sign_in.close()


async def test_the_program_goes_on_while_google_thinks(town: GoogleTown):
    """google-auth waits for its answer: that is done on another thread."""
    here = threading.get_ident()
    there: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        there.append(threading.get_ident())
        return httpx.Response(200, json={"access_token": "t", "expires_in": 3_600})

    assert await token_of(town.sign_in(transport=httpx.MockTransport(answer))) == "t"
    assert there
    assert here not in there


@pytest.mark.parametrize(
    ("delegated", "subject", "code"),
    [
        ({FREE_BUSY}, ORGANISER, "unauthorized_client"),
        ({EVENTS}, "nobody@aldermere.example", "invalid_grant"),
    ],
)
async def test_a_refusal_is_told_by_googles_code_and_nothing_else(
    town: GoogleTown, caplog: pytest.LogCaptureFixture, delegated: set[str], subject: str, code: str
):
    town.world.issuer.delegated = delegated
    with pytest.raises(NoToken) as none:
        await token_of(GoogleSignIn(subject, key_file=town.key_file))
    assert (none.value.code, none.value.reason) == (code, f"no token for Google: {code}")
    assert none.value.seconds == 60.0
    assert none.value.__suppress_context__, "the cause quotes what was answered"
    assert caplog.text == ""


async def test_a_key_that_is_not_the_accounts_any_more_is_refused(town: GoogleTown):
    other = Issuer(ACCOUNT, users=[], key=generate_private_key(public_exponent=65_537, key_size=2_048))
    town.key_file.write_text(json.dumps(other.key_file(town.world.address)), encoding="ascii")
    with pytest.raises(NoToken, match="invalid_grant"):
        await token_of(town.sign_in())


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_endpoint_that_has_no_time_is_asked_once(town: GoogleTown, status: int):
    """google-auth would sleep and ask again, three times."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(status, json={"error": "server_error"})

    with pytest.raises(NoToken) as none:
        await token_of(town.sign_in(transport=httpx.MockTransport(answer)))
    assert none.value.code == f"HTTP {status}"
    assert asked == [f"{town.world.address}/token"]


@pytest.mark.parametrize("said", [b"<html>", b"[]", b'{"token_type": "Bearer"}'])
async def test_an_answer_without_a_token_is_none(town: GoogleTown, said: bytes):
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=said))
    with pytest.raises(NoToken) as none:
        await token_of(town.sign_in(transport=transport))
    assert none.value.code in ("TypeError", "RefreshError")


async def test_an_error_page_is_not_quoted(town: GoogleTown):
    transport = httpx.MockTransport(lambda request: httpx.Response(400, text=f"<html>{ORGANISER}</html>"))
    with pytest.raises(NoToken) as none:
        await token_of(town.sign_in(transport=transport))
    assert none.value.code == "RefreshError"


async def test_a_silent_endpoint_is_given_up_in_time(town: GoogleTown):
    town.world.fall_silent()
    with pytest.raises(NoToken) as none:
        await token_of(town.sign_in(patience=0.3))
    assert none.value.code in ("TimeoutError", "ReadTimeout")


async def test_an_endpoint_that_is_away_is_for_later(town: GoogleTown):
    key = town.world.issuer.key_file("http://127.0.0.1:9")
    town.key_file.write_text(json.dumps(key), encoding="ascii")
    with pytest.raises(NoToken, match="ConnectError"):
        await token_of(town.sign_in())


@pytest.mark.parametrize(
    "content", [None, "no json", "[]", "{}", '{"client_email": "c", "token_uri": "u", "private_key": "k"}']
)
async def test_a_file_that_is_no_key_is_for_later(town: GoogleTown, tmp_path: Path, content: str | None):
    file = tmp_path / "elsewhere.json"
    if content is not None:
        file.write_text(content, encoding="ascii")
    with pytest.raises(NoToken) as none:
        await token_of(GoogleSignIn(ORGANISER, key_file=file))
    assert "elsewhere" not in none.value.reason
    assert town.world.issuer.asked == []


class Elsewhere(httpx.BaseTransport):
    """Google's own addresses, all of which are the stand-in's."""

    def __init__(self, address: str) -> None:
        self.there, self.line, self.asked = httpx.URL(address), httpx.HTTPTransport(), list[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        request.url = request.url.copy_with(
            scheme=self.there.scheme, host=self.there.host, port=self.there.port
        )
        request.headers["host"] = f"{self.there.host}:{self.there.port}"
        return self.line.handle_request(request)

    def close(self) -> None:
        self.line.close()


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine whose platform puts a token for it into a file (workload identity federation)."""
    shown = tmp_path / "shown"
    shown.write_text("the cluster's token", encoding="ascii")
    file = tmp_path / "identity.json"
    known = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": str(shown)},
    }
    file.write_text(json.dumps(known), encoding="ascii")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "exampleshire-meetings")
    return file


@pytest.mark.usefixtures("identity")
async def test_a_machine_without_a_key_has_google_sign_for_the_account(town: GoogleTown):
    line = Elsewhere(town.world.address)
    token = await token_of(GoogleSignIn(ORGANISER, service_account=ACCOUNT, transport=line))
    [claims] = town.world.issuer.asked
    assert (claims["iss"], claims["sub"], claims["scope"]) == (ACCOUNT, ORGANISER, EVENTS)
    assert town.world.issuer.given[token].subject == ORGANISER
    assert line.asked == ["sts.googleapis.com", "iamcredentials.googleapis.com", "oauth2.googleapis.com"]


@pytest.mark.usefixtures("identity")
async def test_a_machine_that_may_not_have_it_sign_is_told_by_googles_code(town: GoogleTown):
    town.world.issuer.signers.clear()
    line = Elsewhere(town.world.address)
    with pytest.raises(NoToken) as none:
        await token_of(GoogleSignIn(ORGANISER, service_account=ACCOUNT, transport=line))
    assert none.value.code == "PERMISSION_DENIED"


async def test_a_machine_without_an_identity_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nowhere.json"))
    with pytest.raises(NoToken) as none:
        await token_of(GoogleSignIn(ORGANISER, service_account=ACCOUNT))
    assert none.value.code == "DefaultCredentialsError"
