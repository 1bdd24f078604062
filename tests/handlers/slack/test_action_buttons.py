"""Pressing the buttons of an action, through the real Bolt app, into the database (T14 to T17)."""

import json

import pytest
from plan_builders import PRACTICE, add_action, an_action, at, on, person, settle
from slack_payloads import Says

from bot.handlers.verbs.actions import verbs as action_verbs
from bot.storage.transaction import transactions
from bot.usecases import answer

NOW = at("2026-03-09")


class TownBot:
    """The part of the program that handlers ask, over a real database."""

    contact = "the Aldermere safeguarding hub"
    practice = PRACTICE

    def __init__(self, render, begin):
        self.render, self.begin = render, begin

    def now(self):
        return NOW

    async def person(self, who):
        with self.begin() as work:
            return work.register.by_slack(who.team, who.user)

    async def run(self, usecase, /, *args, **but):
        return usecase(self.begin, *args, **but)

    async def read(self, look, /, *args, **but):
        with self.begin() as work:
            return look(work, *args, **but)


@pytest.fixture
def town(sqlite_database):
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    yield begin
    engine.dispose()


@pytest.fixture
def bot(render, town):
    return TownBot(render, town)


@pytest.fixture
def verbs():
    return action_verbs


def said(answer):
    return json.loads(answer.body) if answer.body else {}


def row_of(begin, id):
    with begin() as work:
        return work.plans.row(id)


def press(action, value, user="U0HELEN", **but):
    return Says.press(action, value, user=user, **but)


def sent(kind, id, state, user="U0HELEN", seen="1"):
    blocks = [{"type": "input", "block_id": block} for block in state]
    values = {block: {"answer": element} for block, element in state.items()}
    metadata = json.dumps({"action": id, "seen": seen})
    return Says.submission(f"action.{kind}", values, user, private_metadata=metadata, blocks=blocks)


def text(value):
    return {"type": "plain_text_input", "value": value}


def picked(value):
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def day(value):
    return {"type": "datepicker", "selected_date": value}


async def test_accept_is_one_press_and_is_said_back_privately(town, send, slack):
    id = an_action(town)
    assert said(await send(press("action.accept", f"{id}.1"))) == {}
    assert row_of(town, id).state == "accepted"
    [note] = slack.asked("chat.postMessage")
    assert "CV-7K4QMX/1 is accepted" in note["text"]


async def test_a_press_delivered_twice_is_one_answer(town, send, slack):
    id = an_action(town)
    for _ in range(2):
        await send(press("action.accept", f"{id}.1"))
    assert row_of(town, id).version == 2
    assert all("is accepted" in note["text"] for note in slack.asked("chat.postMessage"))


@pytest.mark.parametrize("kind", ["done", "more_time", "cannot", "pass_on"])
async def test_the_owners_other_answers_open_a_form(town, send, slack, kind):
    id = an_action(town)
    await send(press(f"action.{kind}", f"{id}.1"))
    [opened] = slack.asked("views.open")
    assert opened["view"]["callback_id"] == f"action.{kind}"
    assert json.loads(opened["view"]["private_metadata"]) == {"action": id, "seen": "1"}


async def test_done_with_a_note(town, send):
    id = an_action(town)
    answered = said(await send(sent("done", id, {"evidence": text("Hallway is clear")})))
    assert answered["response_action"] == "update"
    assert row_of(town, id).outcome == "done"


async def test_more_time_within_the_limit_and_beyond_it(town, send):
    id = an_action(town)
    await send(sent("more_time", id, {"until": day("2026-04-09"), "why": text("Engineer is away")}))
    assert row_of(town, id).due == on("2026-04-09")
    longer = sent("more_time", id, {"until": day("2026-05-08"), "why": text("Court date")})
    longer["view"]["id"] = "V0TWO"
    await send(longer)
    assert (row_of(town, id).due, row_of(town, id).asked_due) == (on("2026-04-09"), on("2026-05-08"))


async def test_a_blank_or_impossible_date_is_told_beside_its_field(town, send):
    id = an_action(town)
    answered = said(
        await send(sent("more_time", id, {"until": day("2026-04-01"), "why": text("Engineer is away")}))
    )
    assert answered["response_action"] == "errors"
    assert set(answered["errors"]) == {"until"}
    answered = said(await send(sent("more_time", id, {"until": day("2026-04-09"), "why": text(None)})))
    assert set(answered["errors"]) == {"why"}


async def test_cannot_tells_changed_circumstances_from_an_agency_that_cannot(town, send):
    with town() as work:
        first, second = add_action(work).id, add_action(work).id
    for id, because in ((first, "not_possible_circumstances_changed"), (second, "not_done_by_agency")):
        body = sent("cannot", id, {"because": picked(because), "why": text("It was sold last week")})
        body["view"]["id"] = f"V0{id}"
        await send(body)
    assert (row_of(town, first).state, row_of(town, second).state) == ("closed", "declined")


async def test_pass_on_to_a_colleague(town, send):
    id = an_action(town)
    await send(sent("pass_on", id, {"owner": picked("dev"), "why": text("")}))
    assert row_of(town, id).owner_id == "dev"


async def test_another_agencys_person_is_refused_privately(town, send, slack):
    id = an_action(town)
    await send(press("action.done", f"{id}.1", "U0PETE"))
    assert slack.asked("views.open")[0]["view"]["blocks"][0]["text"]["text"] == "That was not done"
    assert "belongs to another agency" in str(slack.asked("views.open")[0])
    assert row_of(town, id).state == "assigned"


async def test_a_press_on_an_old_button_is_told_kindly_what_happened(town, send, slack):
    id = an_action(town)
    answer.done(town, PRACTICE, id, by=person(town, "dev"), now=NOW)
    await send(press("action.accept", f"{id}.1"))
    shown = str(slack.calls[-1])
    assert "already closed (done)" in shown
    assert "Dev Rao marked it done on Monday at 10:00" in shown


async def test_the_chair_agrees_to_the_request_that_was_shown_and_to_no_other(town, send, slack):
    id = an_action(town, state="accepted")
    helen = person(town, "helen")
    answer.more_time(town, PRACTICE, id, on("2026-04-24"), "Court date", by=helen, now=NOW)
    answer.more_time(town, PRACTICE, id, on("2026-06-24"), "Another court date", by=helen, now=NOW)
    await send(press("action.grant", f"{id}.2", "U0CHAI"))
    assert "has changed since that message" in str(slack.calls[-1])
    await send(press("action.grant", f"{id}.3", "U0CHAI"))
    assert row_of(town, id).due == on("2026-06-24")


async def test_the_chair_ends_an_action(town, send):
    id = an_action(town)
    body = sent("end", id, {"outcome": picked("superseded"), "why": text("See action 2")}, "U0CHAI")
    assert said(await send(body))["response_action"] == "update"
    assert row_of(town, id).outcome == "superseded"


async def test_my_actions_open_as_a_list_with_buttons_and_turn_in_place(town, send, slack):
    with town() as work:
        for _ in range(12):
            add_action(work)
    await send(Says.command("/actions", user="U0HELEN"))
    [opened] = slack.asked("views.open")
    assert "12 open actions. Page 1 of 2" in str(opened["view"])
    modal = {"view": Says.view("actions.own", private_metadata="")}
    await send(press("actions.own:on", "own.2", **modal))
    [turned] = slack.asked("views.update")
    assert "CV-7K4QMX/12" in str(turned["view"])


async def test_nothing_to_do_is_said_in_words(town, send, slack):
    await send(Says.command("/actions", user="U0TESS"))
    assert "Nothing is waiting for you" in str(slack.asked("views.open")[0])


async def test_the_list_of_a_case_opens_for_those_on_it(town, send, slack):
    with town() as work:
        for _ in range(12):
            add_action(work)
    await send(press("action.list", "c-7k4qmx"))
    assert "Page 1 of 2" in str(slack.asked("views.open")[0])
    await send(press("action.list", "c-7k4qmx", "U0PETRA"))
    assert "open only to the people" in str(slack.asked("views.open")[1])


async def test_reading_an_action_shows_what_was_agreed(town, send, slack):
    id = an_action(town)
    await send(press("action.open", id))
    assert "photograph the hallway" in str(slack.asked("views.open")[0])


async def test_leave_is_said_with_two_dates(town, send, slack):
    await send(press("leave.begin", ""))
    [opened] = slack.asked("views.open")
    assert opened["view"]["callback_id"] == "leave.set"
    blocks = [{"type": "input", "block_id": block} for block in ("first", "last")]
    state = {"first": {"answer": day("2026-03-30")}, "last": {"answer": day("2026-04-07")}}
    answered = said(
        await send(Says.submission("leave.set", state, "U0HELEN", private_metadata="", blocks=blocks))
    )
    assert "Dev Rao" in str(answered["view"])


async def test_many_colleagues_are_found_by_typing(town, send):
    id = an_action(town)
    body = Says.options("action.taker", "dev", "U0HELEN")
    body["view"] = Says.view("action.pass_on", private_metadata=json.dumps({"action": id}))
    [found] = said(await send(body))["options"]
    assert found["value"] == "dev"
