"""An account in chat is deactivated: access ends at once, and a coordinator alone gives it back (IG-24)."""

import json

import pytest
from plan_builders import PRACTICE, an_action, at, person, settle
from sqlmodel import select
from test_contact_register import exported, gives, imported, mornings
from test_interim_measures import told

from bot.domain.errors import NotAllowed, TooLate
from bot.domain.teams import Conversation, Kind
from bot.storage.ledger_tables import AuditEvent
from bot.storage.register import known_by_slack
from bot.storage.teams_links import known_by_teams
from bot.usecases.accounts import (
    account_back,
    account_end_line,
    account_gone,
    accounts,
    has_left,
    let_in,
)
from bot.usecases.looks.by_link import whose_link
from bot.usecases.register import link_slack, link_teams, meet_in_teams

SLACK = ("slack", "T0ALDERMERE", "U0HELEN")
TEAMS = ("teams", "council", "aad-helen")
NOW = at("2026-03-02")


@pytest.fixture
def town(begin):
    """Helen chats in Slack, and in Teams with the bot alone."""
    settle(begin)
    with begin() as work:
        area, email = work.register.row("helen").area, work.register.row("helen").email
        for row in work.contacts.people(area):
            row.verified_on = NOW.date()
    assert link_slack(begin, area, email, *SLACK[1:], now=NOW)
    assert link_teams(begin, area, email, *TEAMS[1:], "29:helen", False, now=NOW)
    chat = Conversation(
        id="a:helen",
        kind=Kind.PERSONAL,
        tenant="council",
        service_url="https://smba.example",
        bot_id="28:bot",
        person_id="helen",
    )
    meet_in_teams(begin, chat, now=NOW)
    return begin


def ends(begin, which=SLACK, now=NOW):
    return account_gone(begin, PRACTICE, *which, now)


def comes_back(begin, which=SLACK, now=NOW):
    return account_back(begin, PRACTICE, *which, now)


def the_end(begin):
    with begin() as work:
        return work.contacts.last_account_end("helen")


def inside(begin):
    """By which ways Helen is somebody here."""
    with begin() as work:
        db = work.session.connection()
        ways = {
            "slack": known_by_slack(db, *SLACK[1:]),
            "teams": known_by_teams(db, *TEAMS[1:]),
            "link": whose_link(work, "helen"),
            "mail": work.register.by_email("aldermere", "helen@aldermere.example"),
        }
        return {way for way, who in ways.items() if who is not None}


def test_with_one_account_every_way_in_is_closed_at_once_and_it_is_on_the_record(town):
    """IG-24: no button in Slack or Teams, no link, no e-mail; told of by reference, and only once."""
    assert inside(town) >= {"slack", "teams", "link"}
    assert ends(town)
    assert inside(town) == set()
    assert not ends(town)
    assert not ends(town, TEAMS)
    assert not ends(town, ("slack", "T0ALDERMERE", "U0NOBODY"))
    assert told(town, "account_ended") == [("account_ended", "cora")]
    with town() as work:
        [event] = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "person.access_ended"))
        assert (event.thing, event.actor) == ("person:helen", "convenor")
        assert json.loads(event.facts)["platform"] == "slack"
        [before] = [each for each in work.contacts.history("helen") if each.field == "active"]
        assert (before.before, before.after) == ("yes", "no")


def test_what_was_theirs_is_told_of_and_can_be_handed_over_as_when_somebody_leaves(town):
    """IG-24, S4-18: the hand-over of open actions begins with the end of the account."""
    an_action(town, owner="helen")
    ends(town)
    assert told(town, "leaver_waits") == [("leaver_waits", "lena")]
    with town() as work:
        [leaver] = work.contacts.leavers("aldermere")
        id = leaver.id
    assert gives(town, id, all_to="lena")


def test_an_account_that_is_active_again_lets_nobody_in_until_a_coordinator_says_so(town):
    """IG-24: the coordinators are asked; an agency's lead may not answer; answered once it is answered."""
    ends(town)
    assert comes_back(town)
    assert not comes_back(town)
    assert inside(town) == set()
    assert len(told(town, "account_ended")) == 2
    end = the_end(town)
    with town() as work:
        assert account_end_line(work, PRACTICE, end.id, NOW).back_at == NOW
    with pytest.raises(NotAllowed):
        let_in(town, PRACTICE, end.id, by=person(town, "lena"), now=NOW)
    assert inside(town) == set()
    let_in(town, PRACTICE, end.id, by=person(town, "cora"), now=NOW)
    assert inside(town) >= {"slack", "teams", "link"}
    with pytest.raises(TooLate):
        has_left(town, PRACTICE, end.id, by=person(town, "cora"), now=NOW)
    with town() as work:
        assert account_end_line(work, PRACTICE, end.id, NOW) is None
    assert not comes_back(town)


def test_who_is_let_in_while_the_account_is_closed_is_no_longer_known_by_it(town):
    """IG-24: so that the next look at the closed account does not end their access once more."""
    an_action(town, owner="helen")
    ends(town)
    let_in(town, PRACTICE, the_end(town).id, by=person(town, "cora"), now=NOW)
    assert inside(town) >= {"teams", "link"}
    assert "slack" not in inside(town)
    assert not ends(town)
    with town() as work:
        assert work.contacts.leavers("aldermere") == []


def test_a_leaver_s_register_entry_that_still_says_active_lets_nobody_in(town):
    """IG-24: a file that is older than the deactivation must not undo it; the coordinators are asked."""
    file = exported(town)
    ends(town)
    imported(town, file)
    assert inside(town) == set()
    has_left(town, PRACTICE, the_end(town).id, by=person(town, "cora"), now=NOW)
    imported(town, file, "2026-06-01")
    assert inside(town) == set()
    end = the_end(town)
    assert end.settled_at is None  # it is asked again, since somebody says that they are back
    let_in(town, PRACTICE, end.id, by=person(town, "cora"), now=at("2026-06-01"))
    imported(town, file, "2026-06-02")
    assert "link" in inside(town)


def test_the_coordinator_hears_again_each_week_until_it_is_answered(town):
    """IG-24, design rule 8."""
    ends(town)
    before = len(told(town, "account_ended"))
    mornings(town, "2026-03-03", "2026-03-06")
    assert len(told(town, "account_ended")) == before
    mornings(town, "2026-03-09", "2026-03-10")
    assert len(told(town, "account_ended")) == before + 1
    has_left(town, PRACTICE, the_end(town).id, by=person(town, "cora"), now=at("2026-03-10"))
    mornings(town, "2026-03-16", "2026-03-23")
    assert len(told(town, "account_ended")) == before + 1


def test_each_account_by_which_somebody_can_act_is_looked_at_and_those_that_may_come_back(town):
    """IG-24: in Teams by the chat with the bot; what a coordinator has settled as gone is looked at no more."""

    def watched():
        with town() as work:
            found = {(each.platform, each.tenant, each.account) for each in accounts(work, PRACTICE)}
            return found & {SLACK, TEAMS}

    assert watched() == {SLACK, TEAMS}
    ends(town)
    assert watched() == {SLACK, TEAMS}
    has_left(town, PRACTICE, the_end(town).id, by=person(town, "cora"), now=NOW)
    assert watched() == set()
