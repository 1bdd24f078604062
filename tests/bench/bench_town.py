"""Aldermere for the benchmarks: its register, and as many actions as there will be presses. Everything is invented."""

import json
import time
from datetime import UTC, date, datetime
from typing import Any

from loopback import Request, signed
from sqlmodel import SQLModel, col, func, insert, select

from bot.demo import drill_practice
from bot.domain.people import Role
from bot.drill.workspace import fill_register, user_id
from bot.storage.engine import connect
from bot.storage.ledger_tables import AuditEvent, InboxEntry, OutboxRow
from bot.storage.migrate import migrate
from bot.storage.plans import action_of
from bot.storage.tables import ActionRow, CaseAgencyRow, CaseRow, PersonRow, ReferralRow
from bot.storage.transaction import Work, transactions
from bot.usecases.plan_changes import next_moment

Json = dict[str, Any]

TEAM = "T0ALDERMERE"
PATHWAY = "care-connect-marm"
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)  # the moment at which everything was agreed; a Monday
PER_CASE = 25  # actions on one case's list
ACCEPTED = "action.accepted"


def settle(url: str, actions: int) -> list[tuple[str, str]]:
    """Migrate, register everybody, link them to Slack, agree on actions; (action's id, owner's Slack id) of each."""
    engine = connect(url)
    migrate(engine)
    begin, practice = transactions(engine), drill_practice()
    fill_register(begin, now=NOW)
    cases = -(-actions // PER_CASE)
    with begin() as work:
        people = list(work.session.exec(select(PersonRow).order_by(col(PersonRow.email))))
        for person in people:
            person.slack_team, person.slack_user = TEAM, user_id(person.email)
        owners = [person for person in people if Role.REPRESENTATIVE.value in person.roles]
        chair = next(person for person in people if Role.CHAIR.value in person.roles)
        ruth = next(person for person in people if Role.COORDINATOR.value in person.roles)
        rows = [
            _action(number, place, owners[(number * PER_CASE + place) % len(owners)])
            for number in range(cases)
            for place in range(1, PER_CASE + 1)
        ]
        at_work = sorted({owner.agency_id for owner in owners})
        _add(work, ReferralRow, [_referral(number, ruth) for number in range(cases)])
        _add(work, CaseRow, files := [_case(number, ruth, chair) for number in range(cases)])
        _add(work, CaseAgencyRow, [_member(number, one) for number in range(cases) for one in at_work])
        next_at = next_moment(practice, CaseRow(**files[0]), action_of(ActionRow(**rows[0])))
        _add(work, ActionRow, [{**row, "created_by": ruth.id, "next_at": next_at} for row in rows])
        users = {person.id: str(person.slack_user) for person in people}
    engine.dispose()
    return [(str(row["id"]), users[str(row["owner_id"])]) for row in rows]


def _add(work: Work, table: type[SQLModel], rows: list[Json]) -> None:
    work.session.flush()
    work.session.execute(insert(table), rows)


def _referral(number: int, coordinator: PersonRow) -> Json:
    return {
        "id": f"r{number}",
        "ref": f"CV-B{number:05}",
        "area": "aldermere",
        "pathway": PATHWAY,
        "pathway_version": "1.1.0",
        "agency_id": coordinator.agency_id,
        "referrer_id": coordinator.id,
        "state": "accepted",
        "source": f"bench:{number}",
        "received_at": NOW,
        "triage_due_on": NOW.date(),
        "triage_due_at": NOW,
    }


def _case(number: int, coordinator: PersonRow, chair: PersonRow) -> Json:
    return {
        "id": f"c{number}",
        "ref": f"CV-B{number:05}",
        "area": "aldermere",
        "pathway": PATHWAY,
        "pathway_version": "1.1.0",
        "nation": "england-and-wales",
        "referral_id": f"r{number}",
        "state": "plan_active",
        "opened_at": NOW,
        "clock_start": NOW,
        "coordinator_id": coordinator.id,
        "chair_id": chair.id,
        "drill": True,
    }


def _member(number: int, agency: str) -> Json:
    return {"id": f"c{number}-{agency}", "case_id": f"c{number}", "agency_id": agency, "since": NOW}


def _action(number: int, place: int, owner: PersonRow) -> Json:
    return {
        "id": f"a{number}x{place:02}",
        "ref": f"CV-B{number:05}/{place}",
        "source": f"bench:{number}:{place}",
        "case_id": f"c{number}",
        "number": place,
        "category": "visit",
        "detail": "Visit with the fire service and photograph the hallway",
        "agency_id": owner.agency_id,
        "owner_id": owner.id,
        "due": date(2027, 3, 1),
        "review_on": date(2027, 3, 15),
        "state": "assigned",
        "created_at": NOW,
        "assigned_on": NOW.date(),
        "nudged_on": NOW.date(),
    }


def on_record(url: str) -> dict[str, int]:
    """How many acceptances stand in each table that a press writes to."""
    engine = connect(url)
    with transactions(engine)() as work:
        count = func.count()
        counted = {
            "actions": select(count).where(ActionRow.state == "accepted"),
            "audit": select(count).where(AuditEvent.verb == ACCEPTED),
            "outbox": select(count).where(
                OutboxRow.errand == "show", col(OutboxRow.about).contains("action_message")
            ),
            "inbox": select(count).where(col(InboxEntry.answer).startswith(ACCEPTED)),
        }
        found = {name: int(work.session.exec(query).one()) for name, query in counted.items()}
    engine.dispose()
    return found


def press(path: str, action: str, user: str, reply_to: str = "") -> Request:
    """*Accept* pressed under the owner's own message; `reply_to` is where a private note would be posted."""
    stamp = f"{time.time():.6f}"
    button = _button("action.accept", "Accept", f"{action}.1")
    payload = {
        "type": "block_actions",
        "token": "the deprecated field of Slack's",
        "team": {"id": TEAM, "domain": "aldermere"},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": "A0CONVENOR",
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "container": {
            "type": "message",
            "message_ts": "1763287200.000100",
            "channel_id": f"D{user[1:]}",
            "is_ephemeral": False,
        },
        "trigger_id": f"1.2.{action}",
        "channel": {"id": f"D{user[1:]}", "name": "directmessage"},
        "message": _message(action, button),
        "state": {"values": {}},
        "actions": [{**button, "block_id": f"answer.{action}", "action_ts": stamp}],
    }
    if reply_to:
        payload["response_url"] = f"{reply_to}/actions/{action}"
    return signed(path, {"payload": json.dumps(payload)}, action)


def command(path: str, name: str, user: str) -> Request:
    """`/refer` typed in a direct message; `name` becomes its trigger."""
    form = {
        "token": "the deprecated field of Slack's",
        "team_id": TEAM,
        "team_domain": "aldermere",
        "channel_id": f"D{user[1:]}",
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/refer",
        "text": "",
        "api_app_id": "A0CONVENOR",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/none",
        "trigger_id": name,
    }
    return signed(path, form, name)


def _message(action: str, accept: Json) -> Json:
    """The message under which the button stands, with what Slack itself adds to one."""
    about = (
        "*CV-B00000/1* Visit and report back\nDue Mon 1 Mar 2027, in 72 working days. Waiting to be accepted.\n"
        "Next: you are reminded on Tue 17 Nov 2026."
    )
    others = (
        ("done", "Done"),
        ("more_time", "Need more time"),
        ("cannot", "Cannot do"),
        ("pass_on", "Pass on"),
        ("snooze", "Remind me in 2 working days"),
    )
    icon = "https://avatars.example.test/2026-11-16/1234567890_0123456789abcdef0123"
    return {
        "type": "message",
        "user": "U0CONVENOR",
        "bot_id": "B0CONVENOR",
        "app_id": "A0CONVENOR",
        "team": TEAM,
        "ts": "1763287200.000100",
        "bot_profile": {
            "id": "B0CONVENOR",
            "app_id": "A0CONVENOR",
            "user_id": "U0CONVENOR",
            "team_id": TEAM,
            "name": "Convenor",
            "deleted": False,
            "updated": 1763287100,
            "icons": {f"image_{size}": f"{icon}_{size}.png" for size in (36, 48, 72)},
        },
        "text": "CV-B00000/1, Visit and report back: Waiting to be accepted, due Mon 1 Mar 2027.",
        "blocks": [
            {
                "type": "header",
                "block_id": "aB3dE",
                "text": {
                    "type": "plain_text",
                    "text": "Drill. An action for you: CV-B00000/1",
                    "emoji": True,
                },
            },
            {
                "type": "section",
                "block_id": "fG7hI",
                "text": {"type": "mrkdwn", "text": about, "verbatim": False},
                "accessory": _button("action.open", "Read the details", action),
            },
            {
                "type": "actions",
                "block_id": f"answer.{action}",
                "elements": [
                    accept | {"style": "primary"},
                    *(_button(f"action.{verb}", words, f"{action}.1") for verb, words in others),
                ],
            },
        ],
    }


def _button(verb: str, words: str, value: str) -> Json:
    text = {"type": "plain_text", "text": words, "emoji": True}
    return {"type": "button", "action_id": verb, "text": text, "value": value}
