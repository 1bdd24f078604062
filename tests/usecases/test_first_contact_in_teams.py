"""First contact in Microsoft Teams: who somebody is, and where they can be written to later (IG-25)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from plan_builders import settle

from bot.domain.people import Person
from bot.domain.teams import Conversation, Kind
from bot.usecases.register import link_teams, meet_in_teams

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOST, HOME = "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111", "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
OBJECT = "5c1f6a90-4f4a-4e68-9d5e-1f2c3a4b5555"


@pytest.fixture(autouse=True)
def town(begin):
    settle(begin)


def link(begin, who: str = "helen@example.test", tenant: str = HOST, object: str = OBJECT, **but):
    guest = but.pop("is_guest", False)
    area = but.pop("area", "aldermere")
    return link_teams(begin, area, who, tenant, object, "29:helen", guest, now=but.pop("now", NOW))


def known(begin, tenant: str = HOST, object: str = OBJECT) -> Person | None:
    with begin() as work:
        return work.teams.known(tenant, object)


def linked(begin) -> list[tuple[str, dict[str, object]]]:
    """Who was linked, and what the audit says of it, in the order in which it was done."""
    with begin() as work:
        events = [each for each in work.audit.latest("register") if each.verb == "person.linked"]
        return [(each.actor, json.loads(each.facts)) for each in reversed(events)]


def test_somebody_of_the_register_is_known_from_then_on(begin):
    person = link(begin)
    assert person is not None
    assert person.id == "helen"
    assert known(begin) == person
    assert linked(begin) == [("helen", {"tenant": HOST, "user": OBJECT, "guest": False})]


def test_the_letter_case_of_an_address_makes_nobody_a_stranger(begin):
    assert link(begin, " Helen@Example.TEST").id == "helen"


def test_somebody_whom_the_register_does_not_have_is_not_linked(begin):
    assert link(begin, "stranger@example.test") is None
    assert link(begin, area="elsewhere") is None
    assert known(begin) is None
    assert linked(begin) == []


def test_who_has_left_is_not_linked(begin):
    with begin() as work:
        work.register.row("helen").active = False
    assert link(begin) is None


def test_linking_again_leaves_no_second_trace(begin):
    assert link(begin) == link(begin, now=NOW + timedelta(days=1))
    assert len(linked(begin)) == 1


def test_a_second_identity_of_the_same_person_is_taken_and_audited_by_itself(begin):
    link(begin, tenant=HOME, object="at-home")
    assert link(begin, is_guest=True).id == "helen"
    assert known(begin) == known(begin, HOME, "at-home")
    assert linked(begin) == [
        ("helen", {"tenant": HOME, "user": "at-home", "guest": False}),
        ("helen", {"tenant": HOST, "user": OBJECT, "guest": True}),
    ]


def test_an_identity_that_is_somebody_elses_is_not_moved_silently(begin):
    link(begin)
    assert link(begin, "cora@example.test") is None
    assert known(begin).id == "helen"
    assert [who for who, _ in linked(begin)] == ["helen"]


def test_nor_is_it_once_its_owner_has_left(begin):
    """An address that is given to a successor does not bring the account of the one before."""
    link(begin)
    with begin() as work:
        work.register.row("helen").active = False
    assert link(begin, "cora@example.test") is None
    assert known(begin) is None


def test_whom_we_have_met_can_be_written_to(begin):
    met = Conversation(
        id="a:1helen",
        kind=Kind.PERSONAL,
        tenant=HOST,
        service_url="https://smba.trafficmanager.net/uk/",
        bot_id="28:bot",
        person_id="helen",
    )
    for minutes in (0, 1, 90):
        meet_in_teams(begin, met, now=NOW + timedelta(minutes=minutes))
    with begin() as work:
        row = work.teams.personal("helen")
    assert (row.id, row.service_url, row.seen_at) == (met.id, met.service_url, NOW + timedelta(minutes=90))
