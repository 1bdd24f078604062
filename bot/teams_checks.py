"""What `convenor check` says of Microsoft Teams: its package, the sign-in, the tenants, what is still to be granted."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.check_line import Line
from bot.domain.area import Area
from bot.gateways.teams_sign_in import CONNECTOR, SignInRefused, certificate_fault
from bot.microsoft_codes import advised
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.transaction import transactions
from bot.teams_proof import sign_in

PACKAGE = "microsoft-teams-apps"
WRITTEN_FOR = "2.1."
KEYS_URL = "https://login.botframework.com/v1/.well-known/keys"


async def check_teams(
    settings: Settings, area: Area | None, now: datetime, http: Callable[[], httpx.Client]
) -> list[Line]:
    """Nothing where Teams is not set up. `http` makes what the questions to Microsoft go through."""
    if settings.teams_app_id is None:
        return []
    return [
        _package(),
        await _sign_in(settings, now, http),
        _keys(http),
        *(_granted(settings, area) if area is not None else []),
        Line(
            True,
            "Teams' way in",
            "cannot be tried from here: POST to /api/messages of your host, from outside, has to answer 401 or 400."
            " Never yet tried in a live tenant",
        ),
    ]


def _package() -> Line:
    what = "Teams' package"
    try:
        found = version(PACKAGE)
    except PackageNotFoundError:
        return Line(
            False, what, f"{PACKAGE} is not installed; there is none for Macs with an Intel processor"
        )
    said = f"{PACKAGE} {found}"
    if not found.startswith(WRITTEN_FOR):
        return Line(False, what, f"{said}, and Convenor is written for {WRITTEN_FOR}x")
    return Line(True, what, said)


async def _sign_in(settings: Settings, now: datetime, http: Callable[[], httpx.Client]) -> Line:
    what = f"Teams' sign-in ({settings.teams_proof})"
    if settings.teams_certificate and (fault := certificate_fault(settings.teams_certificate, now)):
        return Line(False, what, fault)
    try:
        await sign_in(settings, http()).token(CONNECTOR, settings.teams_tenant_id)
    except SignInRefused as no:
        return Line(False, what, advised(no.code, "TEAMS"))
    except (OSError, httpx.HTTPError, ValueError) as error:
        return Line(False, what, f"cannot be tried now ({type(error).__name__})")
    return Line(True, what, f"tenant {settings.teams_tenant_id} gives the bot a token")


def _keys(http: Callable[[], httpx.Client]) -> Line:
    what = "Teams' keys"
    try:
        with http() as client:
            client.get(KEYS_URL).raise_for_status()
    except httpx.HTTPError:
        return Line(
            False, what, f"{KEYS_URL} cannot be reached from here: nobody of Teams is let in without it"
        )
    return Line(True, what, "reachable")


def _granted(settings: Settings, area: Area) -> list[Line]:
    """What can be told of the administrators' part by what has reached us."""
    if not area.teams_tenants:
        return [Line(False, "Teams' tenants", "the area file names none under teams: nobody is let in")]
    try:
        with transactions(connect(settings.database_url))() as work:
            heard = work.teams.tenants()
            silent = [name for name, id in area.teams_rooms.items() if work.teams.conversation(id) is None]
    except SQLAlchemyError:
        return []  # said already, of the database itself
    unheard = sorted(area.teams_tenants - heard)
    return [
        Line(
            not unheard,
            "Teams' tenants",
            "the app's package may not be granted yet, for nothing has come from: " + ", ".join(unheard)
            if unheard
            else f"something has come from each of the {len(area.teams_tenants)}",
        ),
        Line(
            not silent,
            "Teams' channels",
            "add the app (with ChannelMember.Read.Group) and write @Convenor help there once: "
            + ", ".join(silent)
            if silent
            else "Convenor has been spoken to in each of them",
        ),
    ]
