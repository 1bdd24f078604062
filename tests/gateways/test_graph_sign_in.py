"""How Convenor proves to Graph who it is: the real azure-identity, against a token endpoint of ours over TLS."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
import uvicorn
from azure.core.pipeline.transport import AioHttpTransport
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateways.graph_sign_in import SCOPE, GraphSignIn, NoToken

APP = "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111"
TENANT = "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
Key = rsa.RSAPrivateKey


@pytest.fixture(scope="module")
def key() -> Key:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@pytest.fixture(scope="module")
def pem(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file with a private key and a certificate, for the app and for the endpoint alike."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(hours=1)).add_extension(here, False)
    signed = made.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    file = tmp_path_factory.mktemp("identity") / "bot.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


class Endpoint:
    """Microsoft's token endpoint, as far as an app sees it."""

    def __init__(self, pem: Path) -> None:
        self.pem, self.forms, self.refuses, self.address = pem, list[dict[str, str]](), 0, ""
        self.gives, self.speaks = "", asyncio.Event()
        self.speaks.set()

    async def token(self, request: Request) -> Response:
        self.forms.append(dict(parse_qsl((await request.body()).decode())))
        await self.speaks.wait()
        if self.refuses:
            said = f"AADSTS{self.refuses}: Application '{APP}' quotes things."
            return JSONResponse({"error": "invalid_client", "error_description": said}, 401)
        token = {
            "token_type": "Bearer",
            "expires_in": 3_600,
            "access_token": self.gives or f"token {len(self.forms)}",
        }
        return JSONResponse(token)

    def sign_in(self, **proof: Any) -> GraphSignIn:
        transport = AioHttpTransport(connection_verify=str(self.pem))
        where = {"authority": self.address, "disable_instance_discovery": True, "transport": transport}
        return GraphSignIn(APP, TENANT, **proof, **where)


@pytest.fixture
async def endpoint(pem: Path) -> AsyncIterator[Endpoint]:
    made = Endpoint(pem)
    app = Starlette(routes=[Route("/{tenant}/oauth2/v2.0/token", made.token, methods=["POST"])])
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        made.address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="critical", lifespan="off", ssl_certfile=pem)  # type: ignore[arg-type]
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield made
        made.speaks.set()
        server.should_exit = True
        await serving


async def token_of(sign_in: GraphSignIn) -> str:
    try:
        return (await sign_in.get_token(SCOPE)).token
    finally:
        await sign_in.close()


async def test_a_secret_is_shown_for_graphs_token(endpoint: Endpoint):
    assert await token_of(endpoint.sign_in(secret="kL8~invented")) == "token 1"
    [form] = endpoint.forms
    assert (form["client_id"], form["client_secret"], form["scope"]) == (APP, "kL8~invented", SCOPE)


async def test_a_token_that_is_still_good_is_not_asked_for_again(endpoint: Endpoint):
    sign_in = endpoint.sign_in(secret="kL8~invented")
    assert {(await sign_in.get_token(SCOPE)).token for _ in range(3)} == {"token 1"}
    await sign_in.close()
    assert len(endpoint.forms) == 1


async def test_a_certificates_key_signs_and_never_leaves(endpoint: Endpoint, pem: Path, key: Key):
    assert await token_of(endpoint.sign_in(certificate=pem)) == "token 1"
    [form] = endpoint.forms
    address = f"{endpoint.address}/{TENANT}/oauth2/v2.0/token"
    claims = jwt.decode(
        form["client_assertion"], key.public_key(), algorithms=["PS256", "RS256"], audience=address
    )
    assert (claims["iss"], claims["sub"]) == (APP, APP)
    assert "client_secret" not in form


async def test_a_workload_shows_what_its_file_holds(endpoint: Endpoint, tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("the cluster's token", encoding="ascii")
    assert await token_of(endpoint.sign_in(token_file=file)) == "token 1"
    assert endpoint.forms[0]["client_assertion"] == "the cluster's token"


@pytest.mark.parametrize("proof", ["certificate", "token_file"])
async def test_a_file_that_is_not_there_is_for_later(endpoint: Endpoint, tmp_path: Path, proof: str):
    with pytest.raises(NoToken) as none:
        await token_of(endpoint.sign_in(**{proof: tmp_path / "nowhere"}))
    assert "nowhere" not in none.value.reason
    assert endpoint.forms == []


async def test_a_file_that_is_no_certificate_is_for_later(endpoint: Endpoint, tmp_path: Path):
    file = tmp_path / "bot.pem"
    file.write_text("no certificate", encoding="ascii")
    with pytest.raises(NoToken, match="ValueError"):
        endpoint.sign_in(certificate=file).prepare()


async def test_a_refusal_is_told_by_microsofts_code_and_nothing_else(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
):
    endpoint.refuses = 7000215
    with pytest.raises(NoToken) as none:
        await token_of(endpoint.sign_in(secret="kL8~invented"))
    assert (none.value.code, none.value.reason) == ("AADSTS7000215", "no token for Graph: AADSTS7000215")
    assert none.value.__suppress_context__, "the cause quotes what was sent"
    assert "quotes things" not in caplog.text


async def test_what_entra_has_consented_to_is_read_from_the_token(endpoint: Endpoint):
    for gives, roles in (
        (
            jwt.encode({"roles": ["Place.Read.All", "Calendars.Read"]}, "k" * 32),
            {"Place.Read.All", "Calendars.Read"},
        ),
        (jwt.encode({"aud": "graph"}, "k" * 32), set()),
        ("no.token.at all", set()),
        ("opaque", set()),
    ):
        endpoint.gives = gives
        sign_in = endpoint.sign_in(secret="kL8~invented")
        assert await sign_in.roles() == roles
        await sign_in.close()


async def test_a_silent_endpoint_is_given_up_in_time(endpoint: Endpoint):
    endpoint.speaks.clear()
    with pytest.raises(NoToken, match="TimeoutError"):
        await token_of(endpoint.sign_in(secret="kL8~invented", patience=0.3))
    assert len(endpoint.forms) == 1


async def test_an_endpoint_that_is_away_is_for_later(pem: Path):
    away = Endpoint(pem)
    away.address = "https://127.0.0.1:9"
    with pytest.raises(NoToken, match="ServiceRequestError"):
        await token_of(away.sign_in(secret="kL8~invented"))
