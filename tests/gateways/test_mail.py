"""Mail through a real SMTP server on a free port of this machine; addresses are invented."""

import asyncio
import email.policy
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.invitations import Invitation, as_mail
from bot.gateways.mail import Letters, SmtpMail

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Inbox:
    """Takes what it is told to take."""

    def __init__(self, rcpt="250 OK", data="250 OK"):
        self.rcpt, self.data, self.mails = rcpt, data, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.data


@asynccontextmanager
async def mail_server(inbox, *, wrapped=None, **settings):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(inbox, hostname="localhost", loop=loop, **settings), "127.0.0.1", 0, ssl=wrapped
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """A certificate for 127.0.0.1, made for this run: (the server's context, a client's that trusts it)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.aldermere.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(pem)
    return ours, ssl.create_default_context(cafile=str(pem))


def a_letter(to="priya.okafor@housing.example"):
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"] = "convenor@aldermere.example", to
    message["Subject"], message["Message-ID"] = "Two actions are due", "<abc@aldermere.example>"
    message.set_content("Please look in chat.\n")
    return message


async def test_a_message_arrives_as_it_was_written_for_one_recipient():
    async with mail_server(inbox := Inbox()) as port:
        sent = await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter())
    ((sender, recipients, raw),) = inbox.mails
    assert sent == "<abc@aldermere.example>"
    assert (sender, recipients) == ("convenor@aldermere.example", ["priya.okafor@housing.example"])
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Message-ID"] == sent
    assert mail.get_content() == "Please look in chat.\r\n"


async def test_an_invitation_crosses_the_wire_unharmed():
    invitation = Invitation(
        uid="k3v7meeting@convenor",
        sequence=0,
        method="REQUEST",
        kind="review",
        reference="CV-7K4QMX",
        start=NOON,
        end=NOON + timedelta(hours=1),
        organiser="convenor@aldermere.example",
        attendee="priya.okafor@housing.example",
        required=True,
        stamp=NOON,
        delivery_id="abc234",
    )
    async with mail_server(inbox := Inbox()) as port:
        await SmtpMail(f"smtp://127.0.0.1:{port}").send(
            as_mail(invitation), names=["Jenny Wren"], known=invitation.known
        )
    parts = list(email.message_from_bytes(inbox.mails[0][2], policy=email.policy.default).walk())
    assert b"SUMMARY:Review CV-7K4QMX" in parts[3].get_payload(decode=True)
    assert parts[3].get_param("method") == "REQUEST"


async def test_a_name_from_the_case_never_reaches_the_server():
    """The gate stands before the connection, not behind it."""
    async with mail_server(inbox := Inbox()) as port:
        with pytest.raises(Undeliverable, match="held back"):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter(), names=["Ms Look"])
    assert inbox.mails == []


@pytest.mark.parametrize("stage", ["rcpt", "data"])
async def test_not_now_is_tried_later_and_never_is_undeliverable(stage):
    async with mail_server(Inbox(**{stage: "451 4.7.1 Greylisted"})) as port:
        with pytest.raises(TryLater) as wait:
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter())
    assert wait.value.seconds > 0
    async with mail_server(Inbox(**{stage: "550 5.1.1 No such priya.okafor"})) as port:
        with pytest.raises(Undeliverable) as never:
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter())
    for told in (wait.value, never.value):
        assert "priya" not in told.reason
        assert told.__cause__ is None
        assert told.reason.endswith(("451", "550"))


async def test_no_server_and_a_silent_server_are_tried_later():
    async with mail_server(Inbox()) as port:
        pass
    with pytest.raises(TryLater, match="no connection"):
        await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter())

    async def silent(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(TryLater, match="no connection"):
        await SmtpMail(f"smtp://127.0.0.1:{port}", timeout=0.2).send(a_letter())
    server.close()
    await server.wait_closed()


async def test_a_server_that_hangs_up_in_the_middle_is_tried_later():
    class Gone(Inbox):
        async def handle_DATA(self, server, session, envelope):
            server.transport.abort()
            return "250 never heard"

    async with mail_server(Gone()) as port:
        with pytest.raises(TryLater, match="hung up"):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter())


async def test_the_event_loop_is_free_while_a_server_dawdles():
    class Slow(Inbox):
        async def handle_DATA(self, server, session, envelope):
            dawdling.set()
            await waited.wait()
            return await super().handle_DATA(server, session, envelope)

    dawdling, waited = asyncio.Event(), asyncio.Event()
    async with mail_server(inbox := Slow()) as port:
        sending = asyncio.create_task(SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter()))
        await dawdling.wait()
        assert not sending.done()
        waited.set()
        await sending
    assert len(inbox.mails) == 1


async def test_starttls_with_a_password_in_the_url(tls):
    theirs, trusting = tls

    def let_in(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (b"con/venor", b"p@ss:word")
        return AuthResult(success=right, handled=False)

    async with mail_server(
        inbox := Inbox(), tls_context=theirs, authenticator=let_in, auth_required=True
    ) as port:
        url = f"smtp+starttls://con%2Fvenor:p%40ss%3Aword@127.0.0.1:{port}"
        await SmtpMail(url, tls=trusting).send(a_letter())
        with pytest.raises(TryLater, match="would not have us") as wrong:
            await SmtpMail(url.replace("word", "wrong"), tls=trusting).send(a_letter())
        assert wrong.value.seconds >= 300  # a person must mend the settings; the message is not at fault
    assert len(inbox.mails) == 1


async def test_tls_from_the_first_byte(tls):
    theirs, trusting = tls
    async with mail_server(inbox := Inbox(), wrapped=theirs) as port:
        await SmtpMail(f"smtps://127.0.0.1:{port}", tls=trusting).send(a_letter())
    assert len(inbox.mails) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(tls):
    async with mail_server(inbox := Inbox(), tls_context=tls[0]) as port:
        with pytest.raises(TryLater, match="no safe connection"):
            await SmtpMail(f"smtp+starttls://127.0.0.1:{port}").send(a_letter())
    assert inbox.mails == []


async def test_a_server_without_starttls_is_never_sent_to_in_the_clear():
    async with mail_server(inbox := Inbox()) as port:
        with pytest.raises(TryLater, match="no safe connection"):
            await SmtpMail(f"smtp+starttls://127.0.0.1:{port}").send(a_letter())
    assert inbox.mails == []


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "smtp:secret@x"])
def test_a_mail_url_of_another_kind_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="SMTP_URL") as refused:
        SmtpMail(url)
    assert "secret" not in str(refused.value)


async def test_an_address_the_server_cannot_spell_is_undeliverable():
    async with mail_server(Inbox()) as port:
        with pytest.raises(Undeliverable):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_letter("zoë@housing.example"))


async def test_a_letter_is_made_of_the_words_it_is_given():
    async with mail_server(inbox := Inbox()) as port:
        letters = Letters(SmtpMail(f"smtp://127.0.0.1:{port}"), "convenor@aldermere.example", lambda: NOON)
        sent = await letters.write(
            "priya.okafor@housing.example", "Two actions\nare due", "Line one\n\nLine two", "abc234"
        )
        again = await letters.write(
            "priya.okafor@housing.example", "Two actions are due", "Line one", "abc234"
        )
    assert sent == again == "<abc234@aldermere.example>"
    mail = email.message_from_bytes(inbox.mails[0][2], policy=email.policy.default)
    assert mail["Subject"] == "Two actions are due"
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == ["Line one", "", "Line two"]


async def test_a_letter_to_what_is_no_address_is_undeliverable_without_a_connection():
    letters = Letters(SmtpMail("smtp://127.0.0.1:1"), "convenor@aldermere.example", lambda: NOON)
    with pytest.raises(Undeliverable, match="not a mail address"):
        await letters.write("priya", "Subject", "Text", "abc234")
