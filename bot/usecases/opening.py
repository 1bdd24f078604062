"""Once each working day, when the area opens: panels a year ahead, invitations, agendas, answers asked for once more.

Not at midnight as `daybreak` is, since what is done here writes to people.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.people import Role
from bot.domain.recurrence import called_from
from bot.domain.states import MeetingState
from bot.storage.transaction import Begin, Work
from bot.usecases.accounts import chase_account_ends
from bot.usecases.agendas import send_agendas
from bot.usecases.ask_about_standing import ask_about_standing
from bot.usecases.assess_again import ask_to_assess_again
from bot.usecases.chase import chase
from bot.usecases.contact_round import ask_still_right
from bot.usecases.involvement_chase import remind
from bot.usecases.leavers import chase_hand_overs
from bot.usecases.minutes_chase import chase_minutes
from bot.usecases.panels import PANEL_NOTICE, call_panel, keep_dates
from bot.usecases.refer_on import ask_for_receipts
from bot.usecases.share_watch import warn_of_agreements, watch_shares

JOB = "opening"

REMINDERS = (
    chase,
    watch_shares,
    remind,
    ask_about_standing,
    ask_for_receipts,
    ask_still_right,
    chase_hand_overs,
    chase_account_ends,
)
"""What is looked for each working morning and told to whoever it waits for; each gives how many reminders are new."""

UNASKED = "convenor"
"""Who is on record as having called a panel that its rule called."""


def opening(begin: Begin, practice: Practice, now: datetime) -> int:
    """Do the day's round; how many reminders are new. Harmless when asked twice on one day, or by two processes."""
    today, zone = practice.today(now), ZoneInfo(practice.area.zone)
    if not practice.days().is_working(today) or now.astimezone(zone).time() < practice.area.opens:
        return 0
    key = f"{JOB}:{practice.area.id}:{today.isoformat()}"
    with begin() as work:
        if work.inbox.answer_to(key) is not None:
            return 0
        work.inbox.remember(key, "begun", at=now)  # a second replica waits here, and then finds it done
        _panels(work, practice, now)
        send_agendas(work, practice, now)
        warn_of_agreements(work, practice, now)
        chase_minutes(work, practice, now)
        ask_to_assess_again(work, practice, now)
        new = sum(round(work, practice, now) for round in REMINDERS)
        work.heartbeats.beat(JOB, at=now)
        return new


def _panels(work: Work, practice: Practice, now: datetime) -> None:
    """Every standing panel has its dates, and people are asked to the next one whose time has come.

    To one of each kind on one morning, however far ahead the pathway invites: nobody finds a dozen letters. And never
    on the day it was planned: the coordinator can see it on the panel's page first, and move or cancel it. Where the
    register names no coordinator nobody could call a panel, so none is planned; the page shows the rule's dates.
    """
    coordinators = work.register.people(practice.area.id, Role.COORDINATOR)
    if not coordinators:
        return
    today = practice.today(now)
    for pathway in practice.enabled:
        days = practice.pathway_days(pathway)
        for stage in pathway.stages:
            rule = stage.recurs
            if rule is None:
                continue
            keep_dates(work, practice, pathway, stage, coordinators[0], now)
            for row in work.meetings.planned(practice.area.id, pathway.id, now):
                if row.stage != stage.id or row.panel_on is None or row.starts_at is None:
                    continue
                if row.starts_at < now + PANEL_NOTICE:
                    continue  # nobody saw its day come, and now nobody could prepare
                planned_before = practice.today(row.created_at) < today
                if planned_before and called_from(rule, practice.today(row.starts_at), days) <= today:
                    assert row.state == MeetingState.PLANNED
                    call_panel(work, practice, pathway, row, UNASKED, now)
                break
