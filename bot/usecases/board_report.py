"""The board's report in chat: looked at, sent by a press, and sent by the clock each quarter (S4-20, S4-21, T26)."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed, TooLate
from bot.domain.people import Person
from bot.domain.period import Period, last_quarter, quarter_of
from bot.storage.tables import ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.looks.reports import board_note
from bot.views.reports import BoardSheet

QUARTERS = 5
"""How many quarters that are over can be chosen from."""

JOB = "board_report"


def open_board_report(
    begin: Begin, practice: Practice, first: str, *, by: Person, now: datetime
) -> BoardSheet:
    """The figures of the quarter that began on `first`, of the last one for ""; that it was opened is on record.

    NotAllowed for people who neither run the work nor oversee it.
    """
    with begin() as work:
        _allowed(practice, by, "report.open", now)
        quarters = _quarters(practice.today(now))
        period = next((each for each in quarters if each.first.isoformat() == first), quarters[0])
        _wrote(work, by.id, "report.opened", period, now)
        return BoardSheet(
            note=board_note(work, practice, period, now),
            quarters=quarters,
            may_send=may(by, "report.send", Thing(area=practice.area.id)) and has_board(practice),
        )


def send_board_report(
    begin: Begin, practice: Practice, first: str, *, source: str, by: Person, now: datetime
) -> Period:
    """Owe the board's channel the report of a quarter; sent twice with one `source` it goes once. The quarter.

    NotAllowed for anybody but coordinator and chair; TooLate for a quarter that cannot be chosen, or without a channel.
    """
    with begin() as work:
        _allowed(practice, by, "report.send", now)
        period = next(
            (each for each in _quarters(practice.today(now)) if each.first.isoformat() == first), None
        )
        if period is None or not has_board(practice):
            raise TooLate(
                "That report cannot be sent any more. Open the board report again. Nothing was sent."
            )
        if _owe(work, period, source, now):
            _wrote(work, by.id, "report.sent", period, now)
        return period


def quarterly(begin: Begin, practice: Practice, now: datetime) -> int:
    """On the first working day of a quarter, send the last one's report; how many were new. Harmless when repeated.

    An area to which nothing came before the quarter's end has nothing to report.
    """
    today = practice.today(now)
    days = practice.days()
    if not has_board(practice) or today != days.next(quarter_of(today).first):
        return 0
    period = last_quarter(today)
    with begin() as work:
        query = select(ReferralRow.id).where(
            ReferralRow.area == practice.area.id,
            col(ReferralRow.received_at) < period.until(practice.area.zone),
        )
        if work.session.exec(query.limit(1)).first() is None or not _owe(work, period, "clock", now):
            return 0
        _wrote(work, "convenor", "report.sent", period, now)
        return 1


def has_board(practice: Practice) -> bool:
    """Whether the board has a channel on any platform."""
    return "board" in practice.area.rooms or "board" in practice.area.teams_rooms


def _quarters(today: date) -> tuple[Period, ...]:
    """The quarter that runs last of all, the ones that are over before it, the newest first."""
    found = [last_quarter(today)]
    while len(found) < QUARTERS - 1:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return (*found, quarter_of(today))


def _owe(work: Work, period: Period, source: str, now: datetime) -> bool:
    """True when it was not owed before under this source."""
    key = f"{JOB}:{period.first.isoformat()}:{source}"
    if work.outbox.by_key(key) is not None:
        return False
    work.outbox.put(
        key,
        JOB,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), "where": "room:board"},
        at=now,
        destination="room:board",
    )
    return True


def _allowed(practice: Practice, by: Person, verb: str, now: datetime) -> None:
    if not may(by, verb, Thing(area=practice.area.id)):
        raise NotAllowed(
            "The board’s report is for those who run the work or oversee it. Nothing has changed; your attempt has been"
            " recorded.",
            Denial(stream="reports", actor=by.id, verb=verb, thing="report:board", at=now),
        )


def _wrote(work: Work, actor: str, verb: str, period: Period, now: datetime) -> None:
    work.audit.write(
        stream="reports",
        actor=actor,
        verb=verb,
        thing="report:board",
        facts={"first": period.first, "last": period.last},
        at=now,
    )
