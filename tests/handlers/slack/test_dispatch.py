"""What Slack sends reaches its verb once, and every fault is told once, where it was asked."""

import json
import logging

import pytest
from slack_bolt.response import BoltResponse

from bot.domain.errors import Invalid, Refused, TooLate, TryLater
from bot.domain.questions import Option
from bot.handlers.slack.speech import as_written
from bot.handlers.verbs.ask import Ask, NotShown
from bot.handlers.verbs.replies import Clear, Close, Ephemeral, Errors, Options, Push, Reply, Update

MODAL = {
    "type": "modal",
    "callback_id": "x",
    "private_metadata": "",
    "title": {"type": "plain_text", "text": "A window"},
    "blocks": [{"type": "divider"}],
}


def said(answer: BoltResponse) -> dict:
    assert answer.status == 200
    return json.loads(answer.body) if answer.body else {}


@pytest.mark.parametrize("kind", ["command", "press", "submission", "closed", "options", "shortcut"])
async def test_what_nobody_handles_is_acknowledged_and_forgotten(kind, send, says, slack):
    assert said(await send(getattr(says, kind)())) == {}
    assert slack.calls == []


async def test_kinds_of_payload_that_slack_may_invent_are_acknowledged(send, says):
    assert said(await send({**says.shortcut(), "type": "workflow_of_tomorrow"})) == {}


async def test_a_verb_sees_what_was_asked_and_by_whom(verbs, send, says):
    seen = []

    @verbs.command("/refer")
    @verbs.press("action.accept")
    @verbs.submission("refer")
    @verbs.closed("refer")
    @verbs.shortcut("raise-concern")
    @verbs.shortcut("refer-this", on="message")
    @verbs.options("answer")
    @verbs.event("message.im")
    async def note(ask: Ask) -> None:
        seen.append(ask)

    await send(says.command(text=" marm "))
    await send(says.press("action.accept:7", "a1"))
    await send(says.submission(state={"name": {"answer": {"type": "plain_text_input", "value": "B"}}}))
    await send(says.closed())
    await send(says.shortcut())
    await send(says.shortcut("refer-this", kind="message_action", message_ts="12.3", channel={"id": "C0X"}))
    await send(says.options(value="pol"))
    await send(says.event("message", channel_type="im", channel="D0ADA", text="I cannot on Tuesday"))

    command, press, submission, closed, shortcut, on_message, options, message = seen
    assert [ask.person.id for ask in seen] == ["ada"] * 8
    assert (command.value, command.room, command.key) == ("marm", "C0TRIAGE", "slack:trigger:1.2.abc")
    assert (press.value, press.qualifier, press.key) == ("a1", "7", "slack:press:17.5:U0ADA:action.accept:7")
    assert (press.room, press.message_ts) == ("C0PANEL", "16.1")
    assert (submission.ids, submission.answers) == ({"draft": "d1"}, {"name": "B"})
    assert (submission.key, closed.key) == ("slack:view:V0ONE", "slack:closed:V0ONE")
    assert (shortcut.name, on_message.message_ts, on_message.room) == ("raise-concern", "12.3", "C0X")
    assert (options.value, options.block, options.key) == ("pol", "agencies", "")
    assert (message.value, message.room, message.key) == (
        "I cannot on Tuesday",
        "D0ADA",
        "slack:event:Ev1",
    )


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (None, {}),
        (Close(), {}),
        (Clear(), {"response_action": "clear"}),
        (Update(MODAL), {"response_action": "update", "view": MODAL}),
        (Push(MODAL), {"response_action": "push", "view": MODAL}),
        (Errors({"name": "Say who"}), {"response_action": "errors", "errors": {"name": "Say who"}}),
    ],
)
async def test_a_submission_is_answered_in_its_acknowledgement(
    reply: Reply | None, answer, verbs, send, says
):
    @verbs.submission("refer")
    async def submitted(ask: Ask) -> Reply | None:
        return reply

    assert said(await send(says.submission())) == answer


async def test_a_press_in_a_modal_changes_the_modal(verbs, send, says, slack):
    @verbs.press("form.back")
    async def back(ask: Ask) -> Reply:
        return Update(MODAL)

    assert said(await send(says.press("form.back", view=says.view(), container={"type": "view"}))) == {}
    assert slack.calls == [("views.update", {"view_id": "V0ONE", "hash": "1.h", "view": MODAL})]


async def test_a_private_note_goes_to_the_response_address(verbs, send, says, slack):
    @verbs.press("action.accept")
    async def accepted(ask: Ask) -> Reply:
        return Ephemeral({"text": "Thank you"})

    await send(says.press(response_url=slack.address + "respond"))
    assert slack.asked("respond") == [
        {"text": "Thank you", "response_type": "ephemeral", "replace_original": False}
    ]


async def test_options_are_answered(verbs, send, says):
    @verbs.options("answer")
    async def offered(ask: Ask) -> Reply:
        return Options([Option(id="police", label="Police")])

    choice = {"text": {"type": "plain_text", "text": "Police"}, "value": "police"}
    assert said(await send(says.options())) == {"options": [choice]}


async def test_a_refused_command_says_why_and_nothing_else(verbs, send, says):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> None:
        raise Refused("Pick a pathway: marm or marat. <!channel>")

    answer = said(await send(says.command()))
    assert answer["response_type"] == "ephemeral"
    assert "Pick a pathway: marm or marat. &lt;!channel&gt;" in json.dumps(answer["blocks"])


async def test_a_refused_form_keeps_what_was_typed_beneath_the_explanation(verbs, send, says, judge):
    @verbs.submission("refer")
    async def submitted(ask: Ask) -> None:
        raise TooLate("Somebody else has decided this one")

    answer = said(await send(says.submission()))
    assert answer["response_action"] == "push"
    assert judge(answer["view"], "modal") == []
    deep = said(await send(says.submission(previous_view_id="V0MID", root_view_id="V0ROOT")))
    assert deep["response_action"] == "errors"
    assert "Somebody else has decided this one" in deep["errors"]["name"]


async def test_answers_to_mend_stand_beside_their_questions(verbs, send, says):
    """A problem whose question is not on this page joins the first, for Slack shows nothing for unknown blocks."""

    @verbs.submission("refer")
    async def submitted(ask: Ask) -> None:
        raise Invalid({"born": "Give a date", "elsewhere": "Also this"})

    assert said(await send(says.submission()))["errors"] == {"born": "Give a date", "name": "Also this"}


@pytest.mark.parametrize(
    "fault", [Refused("It is closed"), ValueError("Ms B of 3 Mill Lane"), TryLater(5, "db")]
)
async def test_a_press_that_fails_is_explained_privately(fault, verbs, send, says, slack):
    @verbs.press("action.accept")
    async def accept(ask: Ask) -> None:
        raise fault

    assert said(await send(says.press(response_url=slack.address + "respond"))) == {}
    (note,) = slack.asked("respond")
    assert note["response_type"] == "ephemeral"
    assert "Mill Lane" not in json.dumps(note)


async def test_a_fault_is_logged_by_reference_without_what_it_said(verbs, send, says, slack, caplog):
    """Design rule 4: an exception may quote an answer, so its message never reaches the log."""

    @verbs.submission("refer")
    async def submitted(ask: Ask) -> None:
        raise KeyError("Ms B of 3 Mill Lane")

    answer = said(await send(says.submission()))
    (line,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert line.reference in json.dumps(answer["view"])
    assert line.error == "KeyError"
    assert any("test_dispatch.py" in place for place in line.at)
    assert "Mill Lane" not in caplog.text + str(line.__dict__) + json.dumps(answer)


async def test_an_unregistered_person_is_told_whom_to_ask(verbs, send, says, slack):
    @verbs.command("/refer")
    @verbs.press("action.accept")
    async def never(ask: Ask) -> None:
        pytest.fail("reached by a stranger")

    answer = said(await send(says.command(user="U0STRANGER")))
    assert "the Aldermere safeguarding hub" in json.dumps(answer)
    await send(says.press(user="U0STRANGER"))
    assert "the Aldermere safeguarding hub" in json.dumps(slack.asked("views.open"))


async def test_a_stranger_may_ask_for_help_where_a_verb_says_so(verbs, send, says):
    @verbs.command("/convenor", anyone=True)
    async def help(ask: Ask) -> Reply:
        return Ephemeral({"text": "Known" if ask.known else "Not known"})

    assert said(await send(says.command("/convenor", user="U0STRANGER")))["text"] == "Not known"


async def test_a_stranger_sees_a_home_that_says_so(verbs, send, says, slack):
    @verbs.event("app_home_opened")
    async def opened(ask: Ask) -> None:
        assert ask.person

    await send(says.event("app_home_opened", user="U0STRANGER"))
    (home,) = slack.asked("views.publish")
    assert home["user_id"] == "U0STRANGER"
    assert "the Aldermere safeguarding hub" in json.dumps(home["view"])


async def test_events_that_nobody_spoke_are_never_answered(verbs, send, says, slack):
    @verbs.event("member_joined_channel")
    async def joined(ask: Ask) -> None:
        assert ask.person

    assert said(await send(says.event("member_joined_channel", user="U0STRANGER", channel="C0X"))) == {}
    assert slack.calls == []


async def test_who_mentions_us_and_may_not_is_told_in_the_channel_or_directly(verbs, send, says, slack):
    @verbs.event("app_mention")
    async def mentioned(ask: Ask) -> None:
        assert ask.person

    slack.refusals["chat.postEphemeral"] = ["user_not_in_channel"]
    await send(says.event("app_mention", user="U0STRANGER", channel="C0X", text="<@U0BOT> hello"))
    assert [call[0] for call in slack.calls] == ["chat.postEphemeral", "chat.postMessage"]
    assert slack.asked("chat.postMessage")[0]["channel"] == "U0STRANGER"


@pytest.mark.parametrize("but", [{"subtype": "message_changed"}, {"bot_id": "B0OTHER"}, {"user": "U0BOT"}])
async def test_edits_and_bots_are_not_people_talking(but, verbs, send, says):
    @verbs.event("message.im")
    async def heard(ask: Ask) -> None:
        pytest.fail("nobody spoke")

    await send(says.event("message", **{"channel_type": "im", "channel": "D0ADA", "text": "x", **but}))


async def test_a_bot_that_mentions_us_is_not_answered(verbs, send, says, slack):
    @verbs.event("app_mention")
    async def mentioned(ask: Ask) -> None:
        pytest.fail("two bots could thank each other for ever")

    await send(says.event("app_mention", bot_id="B0OTHER", user="U0OTHERBOT", channel="C0X", text="<@U0BOT>"))
    assert slack.calls == []


async def test_how_long_an_answer_took_is_told_also_when_it_failed(verbs, edge, send, says):
    told = []
    edge.dispatch.timed = lambda kind, seconds: told.append((kind, 0 < seconds < 5))

    @verbs.command("/refer")
    async def refer(ask: Ask) -> None:
        raise Refused("No")

    await send(says.command())
    await send(says.command("/unknown"))
    assert told == [("command", True)]


async def test_a_window_opens_once_and_first(verbs, send, says, slack):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> None:
        await ask.open(MODAL)
        with pytest.raises(NotShown):
            await ask.open(MODAL)

    await send(says.command())
    assert slack.calls == [("views.open", {"trigger_id": "1.2.abc", "view": MODAL})]


@pytest.mark.parametrize("kind", ["command", "shortcut", "press"])
async def test_a_trigger_that_ran_out_is_explained(kind, verbs, send, says, slack):
    @verbs.command("/refer")
    @verbs.shortcut("raise-concern")
    @verbs.press("action.accept")
    async def opens(ask: Ask) -> None:
        await ask.open(MODAL)

    slack.refusals["views.open"] = ["expired_trigger_id"]
    answer = said(await send(getattr(says, kind)()))
    told = json.dumps(answer) + json.dumps(slack.asked("chat.postMessage"))
    assert "three seconds" in told


async def test_a_note_that_slack_will_not_take_is_a_line_in_the_log(verbs, send, says, slack, caplog):
    @verbs.press("action.accept")
    async def accept(ask: Ask) -> Reply:
        return Ephemeral({"text": "Thank you"})

    slack.refusals["chat.postMessage"] = ["account_inactive"]
    assert said(await send(says.press())) == {}
    assert "courtesy not sent" in caplog.text


async def test_an_answer_that_a_surface_cannot_give_is_a_fault_of_ours_and_still_a_200(verbs, send, says):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> Reply:
        return Errors({"name": "?"})

    assert "reference" in json.dumps(said(await send(says.command())))


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("I cannot on Tue &amp; Wed, &lt;sorry&gt;", "I cannot on Tue & Wed, <sorry>"),
        ("see <https://a.example|the page> or <https://b.example>", "see the page or https://b.example"),
        ("ask <@U0ADA> or <@U0ADA|ada> in <#C0X|triage>", "ask @U0ADA or @ada in #triage"),
        ("<!here> <!subteam^S1|@hub> <mailto:a@b.example|a@b.example>", "@here @hub a@b.example"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_text_is_read_as_it_was_written(sent, written):
    assert as_written(sent) == written


@pytest.mark.parametrize(
    ("user", "heard"),
    [
        ({"id": "U0ADA", "team_id": "T0ALDERMERE", "deleted": True, "is_bot": False}, "gone"),
        ({"id": "U0ADA", "team_id": "T0ALDERMERE", "deleted": False, "profile": {"title": "New"}}, "here"),
        ({"id": "U0ADA", "team_id": "T0ALDERMERE"}, ""),
        ({"id": "U0ADA", "team_id": "T0ALDERMERE", "deleted": "yes"}, ""),
    ],
)
async def test_a_changed_account_is_told_of_and_nobody_is_looked_up_or_let_in_for_it(
    verbs, send, says, slack, user, heard
):
    """IG-24: `user_change` as Slack publishes it; where it does not say “deleted”, it says nothing."""
    seen = []

    @verbs.event("user_change", asks=False)
    async def note(ask: Ask) -> None:
        seen.append((ask.qualifier, ask.value, ask.known))

    await send(says.event("user_change", user=user, cache_ts=1767225600))
    assert seen == [(heard, "slack:T0ALDERMERE:U0ADA", None)]
    assert slack.calls == []
