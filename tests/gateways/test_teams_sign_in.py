"""How the bot proves who it is: what Microsoft would be asked, and with which proof."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from microsoft_logins import Microsoft

from bot.gateways.teams_sign_in import CONNECTOR, SignIn, SignInRefused, certificate_fault

APP = "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111"
TENANT = "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
IDENTITY = "5c1d7e88-1f2b-4f6e-9d7a-0a9b8c7d6e55"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def microsoft():
    return Microsoft()


@pytest.fixture
def proving(microsoft):
    return lambda **proof: SignIn(APP, TENANT, http=microsoft.client(), **proof)


@pytest.fixture(scope="module")
def keys():
    return [rsa.generate_private_key(public_exponent=65_537, key_size=2_048) for _ in range(2)]


def certificate(key, *, ends=NOON + timedelta(days=1)):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bot.aldermere.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOON - timedelta(days=9)).not_valid_after(ends)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def private(key, lock=None):
    kind = serialization.BestAvailableEncryption(lock) if lock else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kind)


async def test_a_secret_is_shown_for_the_connectors_token_in_the_home_tenant(proving, microsoft):
    assert await proving(secret="kL8~invented").token(CONNECTOR, None) == "token 1"
    [form] = microsoft.forms
    assert (form["client_id"], form["client_secret"], form["scope"]) == (APP, "kL8~invented", CONNECTOR)


async def test_a_token_that_is_still_good_is_not_asked_for_again(proving, microsoft):
    sign_in = proving(secret="kL8~invented")
    assert [await sign_in.token([CONNECTOR], TENANT) for _ in range(3)] == ["token 1"] * 3
    assert len(microsoft.forms) == 1


async def test_a_certificates_key_signs_and_never_leaves(proving, microsoft, keys, tmp_path):
    file = tmp_path / "bot.pem"
    file.write_bytes(private(keys[0]) + certificate(keys[0]))
    await proving(certificate=file).token(CONNECTOR, TENANT)
    [form] = microsoft.forms
    claims = jwt.decode(
        form["client_assertion"],
        keys[0].public_key(),
        algorithms=["PS256"],
        audience=f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
    )
    assert (claims["iss"], claims["sub"]) == (APP, APP)
    assert "client_secret" not in form


async def test_a_token_file_is_read_again_for_it_is_renewed(proving, microsoft, tmp_path):
    file = tmp_path / "token"
    sign_in = proving(token_file=file)
    for content in ("first\n", "second\n"):
        file.write_text(content, encoding="ascii")
        await sign_in.token(f"https://{content.strip()}.example/.default", TENANT)
    assert [form["client_assertion"] for form in microsoft.forms] == ["first", "second"]


async def test_a_token_file_that_is_not_there_is_for_later(proving, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        await proving(token_file=tmp_path / "nowhere").token(CONNECTOR, TENANT)


async def test_the_machines_identity_vouches_for_the_app(proving, microsoft):
    assert await proving(managed_identity=IDENTITY).token(CONNECTOR, TENANT) == "token 1"
    assert microsoft.machine[0]["client_id"] == IDENTITY
    assert microsoft.machine[0]["resource"] == "api://AzureADTokenExchange"
    assert microsoft.forms[0]["client_assertion"] == "the machine's token"


async def test_the_machines_own_identity_needs_no_id(proving, microsoft):
    await proving(managed_identity="system").token(CONNECTOR, TENANT)
    assert "client_id" not in microsoft.machine[0]


async def test_a_bot_that_is_the_machines_identity_asks_nobody_else(proving, microsoft):
    assert await proving(managed_identity=APP).token(CONNECTOR, TENANT) == "the machine's token"
    assert microsoft.machine[0]["resource"] == "https://api.botframework.com"
    assert microsoft.forms == []


async def test_a_refusal_is_told_by_microsofts_code_and_nothing_else(proving, microsoft):
    microsoft.refuses = 7000215
    with pytest.raises(SignInRefused) as refused:
        await proving(secret="kL8~invented").token(CONNECTOR, TENANT)
    assert str(refused.value) == "AADSTS7000215"


def test_a_certificate_that_can_be_used_has_no_fault(keys, tmp_path):
    file = tmp_path / "bot.pem"
    file.write_bytes(private(keys[0]) + certificate(keys[0]))
    assert certificate_fault(file, NOON) is None
    assert certificate_fault(file, NOON + timedelta(days=1)) == "its certificate ended on 2026-03-03"


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        (lambda one, other: None, "there is no such file"),
        (lambda one, other: b"", "there is no private key in it"),
        (lambda one, other: certificate(one), "there is no private key in it"),
        (lambda one, other: private(one), "there is no certificate in it"),
        (lambda one, other: private(one, b"locked") + certificate(one), "locked with a passphrase"),
        (lambda one, other: private(one) + certificate(other), "do not belong together"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_in_plain_words(keys, tmp_path, inside, fault):
    file = tmp_path / "bot.pem"
    if (content := inside(*keys)) is not None:
        file.write_bytes(content)
    assert fault in str(certificate_fault(file, NOON))
