"""Aldermere, the invented area: its register in the store, and the same people in the local workspace's chairs."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlmodel import select

from bot.domain.people import ROLE_TITLES, Role
from bot.local.seats import BOT_USER, Chair, Command, Hours, Place, Room, Shortcut
from bot.storage.tables import AgencyRow, PersonRow
from bot.storage.transaction import Begin
from bot.usecases.register import WEEKDAYS, import_register

HERE = Path(__file__).parent
AREA_FILE = HERE / "area.yml"
PEOPLE_FILE = HERE / "people.csv"

COMMANDS = (
    Command(command="/refer", usage="[pathway]", description="Raise a concern about somebody"),
    Command(command="/actions", usage="", description="See and answer your actions"),
    Command(
        command="/panel",
        usage="[board]",
        description="List cases, find a time, open the agenda, see the board",
    ),
    Command(command="/cannot", usage="[when]", description="Say when you cannot come to a meeting"),
    Command(command="/convenor", usage="", description="See what you can do here"),
)
SHORTCUTS = (
    Shortcut(type="global", name="Raise a concern", callback_id="raise-concern"),
    Shortcut(type="message", name="Refer this concern", callback_id="refer-this"),
)
PLACE = Place(
    name="Aldermere",
    note="Aldermere is invented, and so is every person, agency and case in it. Use no real person’s data here.",
)
AT_MEETINGS = (
    Role.COORDINATOR,
    Role.CHAIR,
    Role.REPRESENTATIVE,
    Role.AGENCY_LEAD,
    Role.MINUTE_TAKER,
)
ROOMS: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("C0TRIAGE", "triage", "New referrals for the triage team", (Role.TRIAGE, Role.COORDINATOR)),
    *(
        (id, name, f"{title}: cases, meetings and actions", AT_MEETINGS)
        for id, name, title in (
            ("C0MARM", "marm-panel", "MARM"),
            ("C0MARAT", "marat-panel", "MARAT"),
            ("C0SOLIHULL", "solihull-meetings", "Solihull MARM"),
            ("C0REDBRIDGE", "redbridge-meetings", "Redbridge MARM"),
            ("C0PROFESSIONALS", "professionals-meetings", "Professionals' meetings"),
        )
    ),
    (
        "C0BOARD",
        "board",
        "Aggregates and escalations for the board",
        (Role.BOARD, Role.COORDINATOR, Role.CHAIR),
    ),
)


BY_MAIL_ALONE = ("jude.farrow@kindlycompany.example",)
"""Of a small charity without Slack and without Teams."""


def fill_register(begin: Begin, *, now: datetime) -> None:
    """Put Aldermere's people into the store; harmless when repeated."""
    import_register(begin, "aldermere", PEOPLE_FILE.read_text(encoding="utf-8"), actor="drill", now=now)


def chairs_of(begin: Begin, not_in_slack: Collection[str] = ()) -> tuple[Chair, ...]:
    """Everybody of the register, those with most to do first; some, by their addresses, have no account in Slack."""
    with begin() as work:
        agencies = {row.id: row.name for row in work.session.exec(select(AgencyRow))}
        rows = list(work.session.exec(select(PersonRow)))
    chairs = (_chair(row, agencies[row.agency_id], row.email not in not_in_slack) for row in rows)
    return tuple(sorted(chairs, key=_importance))


def rooms_for(begin: Begin, not_in_slack: Collection[str] = ()) -> tuple[Room, ...]:
    """Slack's channels, with the people whose roles belong there, and the bot."""
    with begin() as work:
        rows = [row for row in work.session.exec(select(PersonRow)) if row.email not in not_in_slack]
    return tuple(
        Room(
            id=id,
            name=name,
            topic=topic,
            is_private=True,
            members=(
                BOT_USER,
                *(user_id(row.email) for row in rows if set(row.roles) & {r.value for r in roles}),
            ),
        )
        for id, name, topic, roles in ROOMS
    )


def user_id(email: str) -> str:
    """The invented Slack id of a person."""
    return "U0" + email.partition("@")[0].replace(".", "").upper()


def _chair(row: PersonRow, agency: str, in_slack: bool) -> Chair:
    roles = [role for role in _ORDER if role.value in row.roles]
    return Chair(
        user_id=user_id(row.email),
        name=row.name,
        title=row.title,
        agency=agency,
        chair=ROLE_TITLES[roles[0]] if roles else "Practitioner",
        email=row.email,
        hours=tuple(
            Hours(weekday=WEEKDAYS.index(day), start=start, end=end)
            for day, (start, end) in row.pattern.items()
        ),
        zone=row.zone,
        in_slack=in_slack,
    )


_ORDER = (
    Role.TRIAGE,
    Role.COORDINATOR,
    Role.CHAIR,
    Role.BOARD,
    Role.REPRESENTATIVE,
    Role.AGENCY_LEAD,
    Role.MINUTE_TAKER,
    Role.PRACTITIONER,
)


def _importance(chair: Chair) -> tuple[int, str, str]:
    order = ("Practitioner", "Triage officer", "Coordinator", "Chair", "Agency representative", "Agency lead")
    place = order.index(chair.chair) if chair.chair in order else len(order)
    return (place, chair.agency, "")
