"""`convenor run`: the bot for a real workspace, in one process."""

import asyncio

import uvicorn
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette

from bot.app import Program, Wiring
from bot.domain.area import Practice
from bot.gateways.mail import SmtpMail
from bot.pathways.area_file import read_area
from bot.pathways.reader import read_all
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.migrate import unfit


class CannotStart(Exception):
    """Something outside keeps the bot from starting; the message says what, and what to do."""


def practice_of(settings: Settings) -> Practice:
    """The area and pathways that the settings name. Raises BadPathway, or CannotStart without an area file."""
    if settings.convenor_area is None or not settings.convenor_area.is_file():
        raise CannotStart(
            "CONVENOR_AREA must be the path of your area file (docs/area.example.yml shows one)"
        )
    pathways = read_all()
    return Practice(area=read_area(settings.convenor_area, pathways), pathways=pathways)


def wiring_of(settings: Settings) -> Wiring:
    """The settings as the program takes them."""

    def secret(name: str) -> str:
        value = getattr(settings, name)
        return str(value.get_secret_value()) if value else ""

    key = secret("audit_key")
    mail = secret("smtp_url")
    return Wiring(
        database_url=settings.database_url,
        practice=practice_of(settings),
        slack_url=settings.slack_api_url,
        bot_token=secret("slack_bot_token"),
        app_token=secret("slack_app_token"),
        signing_secret=secret("slack_signing_secret"),
        mail=SmtpMail(mail) if mail else None,
        mail_from=settings.mail_from,
        audit_key=key.encode() if key else None,
    )


async def serve(settings: Settings) -> None:
    """Run until told to stop. Raises CannotStart when the database or Slack is not ready for it."""
    wiring = wiring_of(settings)
    if faults := await asyncio.to_thread(unfit, connect(settings.database_url)):
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
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, access_log=False)
    try:
        await uvicorn.Server(config).serve()
    finally:
        await program.stop()
