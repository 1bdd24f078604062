"""`convenor run`: the bot for a real workspace, in one process."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette

from bot.app import Program, Wiring
from bot.calendars import calendars_of
from bot.domain.reply_address import ReplyAddress
from bot.gateways.mail import SmtpMail
from bot.gateways.mailbox import Mailbox
from bot.links import Links
from bot.mail_in import MailInWiring
from bot.practice import CannotStart, practice_of
from bot.serving import Serving, set_apart_what_stands
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.migrate import unfit
from bot.storage.transaction import transactions
from bot.usecases.pinned import missing_versions

if TYPE_CHECKING:
    from bot.teams import TeamsWiring


def wiring_of(settings: Settings) -> Wiring:
    """The settings as the program takes them. CannotStart where Teams is asked for and its package is not here."""

    def secret(name: str) -> str:
        value = getattr(settings, name)
        return str(value.get_secret_value()) if value else ""

    key = secret("audit_key")
    mail = secret("smtp_url")
    practice, calendars = practice_of(settings), calendars_of(settings)
    for name in sorted(set(practice.area.diaries.values()) - set(calendars)):
        raise CannotStart(
            f"The area's file says that diaries are in {name}, and the settings of {name.upper()}_… are not there. Set"
            " them, or take the domains out of `diaries`."
        )
    organiser = next(iter(calendars), "")
    return Wiring(
        database_url=settings.database_url,
        practice=replace(practice, organiser=organiser),
        calendars=calendars,
        slack_url=settings.slack_api_url,
        bot_token=secret("slack_bot_token"),
        app_token=secret("slack_app_token"),
        signing_secret=secret("slack_signing_secret"),
        mail=SmtpMail(mail) if mail else None,
        mail_from=settings.mail_from,
        audit_key=key.encode() if key else None,
        mail_in=_mail_in(settings, secret("mail_hook_secret"), secret("imap_url")),
        links=_links(settings, secret("link_key")),
        reached_at=(settings.public_url or "").rstrip("/"),
        teams=_teams(settings, secret("teams_app_password"), datetime.now(UTC)),
    )


def _mail_in(settings: Settings, hook_secret: str, imap_url: str) -> MailInWiring | None:
    if not (hook_secret or imap_url):
        return None
    return MailInWiring(
        address=ReplyAddress(settings.mail_replies_to or settings.mail_from),
        trusted=settings.mail_trusted_server or "",
        hook_secret=hook_secret,
        mailbox=Mailbox(imap_url) if imap_url else None,
    )


def _links(settings: Settings, key: str) -> Links | None:
    return Links(key, settings.public_url, settings.link_days) if settings.public_url else None


def _teams(settings: Settings, secret: str, now: datetime) -> "TeamsWiring | None":
    if settings.teams_app_id is None or settings.teams_tenant_id is None:
        return None
    try:
        from bot.teams import TeamsWiring  # a second and forty megabytes, for those who have it
    except ModuleNotFoundError as error:
        raise CannotStart(
            f"TEAMS_APP_ID is set, and the package {error.name} is not installed. There is none for Macs with an"
            " Intel processor; elsewhere, install Convenor again."
        ) from error
    from bot.gateways.teams_sign_in import certificate_fault
    from bot.teams_proof import sign_in

    file = settings.teams_certificate
    if file is not None and (fault := certificate_fault(file, now)):
        raise CannotStart(f"TEAMS_CERTIFICATE: {fault}")
    by_file = file is not None or settings.teams_token_file is not None
    return TeamsWiring(
        app_id=settings.teams_app_id,
        home_tenant=settings.teams_tenant_id,
        secret=secret,
        token=sign_in(settings).token if by_file else None,
        managed_identity=settings.teams_managed_identity or "",
    )


def _faults(settings: Settings, wiring: Wiring) -> list[str]:
    """Why the database is not fit to start on, in plain lines; empty when it is."""
    engine = connect(settings.database_url)
    return unfit(engine) or missing_versions(transactions(engine), wiring.practice)


async def serve(settings: Settings) -> None:
    """Run until told to stop. Raises CannotStart when the database or Slack is not ready for it."""
    wiring = wiring_of(settings)
    if faults := await asyncio.to_thread(_faults, settings, wiring):
        raise CannotStart("\n".join(faults))
    program = Program(wiring)
    try:
        await program.start()
    except SlackApiError as error:
        await program.stop()
        raise CannotStart(
            f"Slack refuses the bot’s token: {error.response.get('error', 'unknown')}"
        ) from error
    app = Starlette(routes=program.routes())
    set_apart_what_stands()
    try:
        await Serving(app, host=settings.host, port=settings.port).serve()
    finally:
        await program.stop()
