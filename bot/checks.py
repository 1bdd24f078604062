"""`convenor check`: what is configured, what can be reached, what is missing; plain lines, no secrets."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.calendars import google_of, graph_of
from bot.check_line import Line
from bot.domain.area import Area
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.people import Role
from bot.domain.sharing import WARNED, agreement_problem
from bot.gateways import slack as slack_gateway
from bot.gateways.google import Google
from bot.gateways.graph import Graph
from bot.gateways.slack import Slack
from bot.gateways.teams_sign_in import PATIENCE
from bot.google_checks import check_google
from bot.graph_checks import check_graph
from bot.mail_checks import check_replies
from bot.pathways.faults import BadPathway
from bot.practice import CannotStart, practice_of
from bot.settings import Settings, missing_for_slack
from bot.storage.engine import connect
from bot.storage.migrate import unfit
from bot.storage.transaction import transactions
from bot.teams_checks import check_teams
from bot.usecases.looks.contacts import gaps
from bot.usecases.looks.shares import agreements_of


def _client() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE)


async def check_all(
    settings: Settings,
    now: datetime,
    http: Callable[[], httpx.Client] = _client,
    graph: Callable[[Settings], Graph | None] = graph_of,
    google: Callable[[Settings], Google | None] = google_of,
) -> list[Line]:
    """Everything that `convenor run` needs, in the order in which it needs it.

    `http` is for Microsoft's servers, `graph` makes the way to its calendars and `google` that to
    Google's.
    """
    return [
        await asyncio.to_thread(_database, settings),
        _area(settings),
        *await asyncio.to_thread(_closures, settings, _area_of(settings)),
        *await asyncio.to_thread(_closers, settings, _area_of(settings)),
        *await asyncio.to_thread(_agreements, settings, _area_of(settings), now),
        *await asyncio.to_thread(_contacts, settings, _area_of(settings), now),
        *(Line(False, "setting", each) for each in missing_for_slack(settings)),
        await _slack(settings),
        _door(settings),
        *await check_teams(settings, _area_of(settings), now, http),
        *await check_graph(settings, now, graph),
        *await check_google(settings, now, google),
        await _mail(settings),
        *await check_replies(settings),
        _links(settings),
    ]


def _database(settings: Settings) -> Line:
    kind = "PostgreSQL" if settings.database_url.startswith("postgres") else "SQLite"
    try:
        faults = unfit(connect(settings.database_url))
    except SQLAlchemyError as error:
        return Line(False, f"database ({kind})", f"cannot be reached ({type(error).__name__})")
    return Line(not faults, f"database ({kind})", "; ".join(faults) or "reachable and up to date")


def _area(settings: Settings) -> Line:
    try:
        area = practice_of(settings).area
    except CannotStart as error:
        return Line(False, "area", str(error))
    except BadPathway as bad:
        return Line(False, "area", "; ".join(map(str, bad.faults)))
    silent = [room for room in area.teams_rooms if not area.rooms.get(room)]
    if silent and settings.teams_app_id is None:
        return Line(
            False, "area", f"in Teams alone, and TEAMS_APP_ID is not set, is the room of: {', '.join(silent)}"
        )
    return Line(True, "area", f"{area.name}, pathways {', '.join(area.pathways)}")


def _area_of(settings: Settings) -> Area | None:
    try:
        return practice_of(settings).area
    except (CannotStart, BadPathway):
        return None  # said already, of the area


def _closures(settings: Settings, area: Area | None) -> list[Line]:
    """Whether the register has the agencies whose closure days the area names; nothing where it names none."""
    if area is None or not area.agency_closures:
        return []
    try:
        with transactions(connect(settings.database_url))() as work:
            agencies = work.register.agencies(area.id)
    except SQLAlchemyError:
        return []  # said already, of the database
    known = {word for agency in agencies for word in (agency.slug, agency.type)}
    if unknown := [word for word in area.agency_closures if word not in known]:
        there = ", ".join(sorted(agency.slug for agency in agencies)) or "none yet, import them first"
        return [
            Line(
                False,
                "agency closures",
                f"no agency of the register is or has the type: {', '.join(unknown)}; there are: {there}",
            )
        ]
    return [Line(True, "agency closures", f"{len(area.agency_closures)} named, all in the register")]


def _contacts(settings: Settings, area: Area | None, now: datetime) -> list[Line]:
    """How much of the contact register is old, and which agencies lack whom or what (S5-01, S5-30)."""
    if area is None:
        return []
    try:
        with transactions(connect(settings.database_url))() as work:
            found = gaps(work, area.id, area.today(now), area.verify_after_days)
    except SQLAlchemyError:
        return []  # said already, of the database
    if not found.people:
        return []
    old = (
        f"{found.unverified} of {found.people} entries not checked for {area.verify_after_days} days;"
        " their people are asked a few each morning"
    )
    lacking = [
        Line(False, f"register, {what}", f"{', '.join(names)}; add it to the register and import it")
        for what, names in found.without
    ]
    return [Line(True, "register", old), *lacking]


def _closers(settings: Settings, area: Area | None) -> list[Line]:
    """Whether somebody in the register can propose and sign, on each pathway, that a case is closed (S3-34)."""
    if area is None:
        return []
    try:
        pathways = practice_of(settings).enabled
        with transactions(connect(settings.database_url))() as work:
            people = work.register.people(area.id)
    except (SQLAlchemyError, CannotStart, BadPathway):
        return []  # said already, of the database or of the area
    if not people:
        return []
    held = {role for person in people for role in person.roles}
    lacking = [
        f"{pathway.title}: {pathway.roles[role].title} ({role})"
        for pathway in pathways
        for role in dict.fromkeys((pathway.closure.by, *pathway.closure.signatures))
        if role in set(Role) and role not in held
    ]
    if lacking:
        said = f"nobody in the register can do this; give somebody the role: {'; '.join(lacking)}"
        return [Line(False, "closing a case", said)]
    return [Line(True, "closing a case", "every pathway has somebody who proposes it, and who signs")]


def _agreements(settings: Settings, area: Area | None, now: datetime) -> list[Line]:
    """To which agencies nothing can be sent, as they have no sharing agreement in date (IG-19); none, no line."""
    if area is None:
        return []
    try:
        with transactions(connect(settings.database_url))() as work:
            agencies = agreements_of(work, area.id)
    except SQLAlchemyError:
        return []  # said already, of the database
    if not agencies:
        return []
    today, missing, ending = area.today(now), [], []
    for name, row in agencies:
        why = agreement_problem(name, row.expires_on if row else None, row.signed_on if row else None, today)
        if why is not None or row is None:
            missing.append(name if row is None else f"{name} ({row.signed_on} to {row.expires_on})")
        elif row.expires_on <= today + WARNED:
            ending.append(f"{name} on {row.expires_on}")
    if missing:
        return [
            Line(
                False,
                "sharing agreements",
                f"nothing can be shared with: {', '.join(missing)}; put isa_signed and isa_expires into the register"
                " and import it",
            )
        ]
    ends = f"; ending soon: {', '.join(ending)}" if ending else ""
    return [Line(True, "sharing agreements", f"in date for all {len(agencies)} agencies{ends}")]


async def _slack(settings: Settings) -> Line:
    if settings.slack_bot_token is None:
        return Line(False, "Slack", "no bot token to try")
    async with slack_gateway.pool(5) as session:
        client = slack_gateway.client(
            settings.slack_bot_token.get_secret_value(), session, settings.slack_api_url
        )
        try:
            who = await Slack(client).whoami()
        except Undeliverable as error:
            return Line(False, "Slack", f"refuses the token: {error.reason}")
        except TryLater as error:
            return Line(False, "Slack", f"cannot be reached now: {error.reason}")
    return Line(True, "Slack", f"connected to workspace {who.get('team_id')}")


def _door(settings: Settings) -> Line:
    doors = [
        name
        for name, found in (
            ("Socket Mode", settings.slack_app_token),
            ("signed HTTP at /slack/events", settings.slack_signing_secret),
        )
        if found
    ]
    return Line(bool(doors), "receiving", " and ".join(doors) or "neither Socket Mode nor HTTP is set")


def _links(settings: Settings) -> Line:
    """People without chat are served without it too, by telling somebody: so it is no fault."""
    if settings.public_url is None:
        return Line(
            True,
            "links in e-mails",
            "none, for PUBLIC_URL is not set: people without chat have to tell the coordinator what to record",
        )
    return Line(
        True,
        "links in e-mails",
        f"to {settings.public_url}/answer/…, for {settings.link_days} days; whether that can be reached from outside"
        " was not tried",
    )


async def _mail(settings: Settings) -> Line:
    if settings.smtp_url is None:
        return Line(
            False, "mail", "SMTP_URL is not set: invitations, and people without chat, cannot be reached"
        )
    parts = urlsplit(settings.smtp_url.get_secret_value())
    try:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 25)
    except (OSError, TimeoutError):
        return Line(False, "mail", "the mail server does not answer")
    writer.close()
    return Line(True, "mail", f"{parts.hostname} answers")
