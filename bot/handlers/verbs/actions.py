"""Actions: answer them, decide on them, read them, and say when one is on leave.

A button carries the action's id and the version that was shown (`<id>.<version>`), never a name.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.domain.questions import Option
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.pages import fitting
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Afterwards, Ephemeral, Options, Own, Reply, Update
from bot.usecases import answer, rule
from bot.usecases.leave import clear_leave, set_leave
from bot.usecases.open_action import (
    colleagues,
    open_action,
    open_answer,
    open_list,
    open_own,
    people_to_take,
    see_list,
)
from bot.usecases.plan_changes import Answered
from bot.usecases.snooze import snooze

verbs = Verbs()


@verbs.press("action.accept")
async def accepted(ask: Ask) -> Reply | None:
    """One press; said back privately."""
    return await _at_once(ask, answer.accept)


@verbs.press("action.snooze")
async def snoozed(ask: Ask) -> Reply | None:
    """The one putting-off of this deadline."""
    return await _at_once(ask, snooze)


@verbs.press("action.reopen")
async def reopened(ask: Ask) -> Reply | None:
    """It was closed by mistake."""
    return await _at_once(ask, answer.reopen)


@verbs.press("action.grant")
async def granted(ask: Ask) -> Reply | None:
    """The chair agrees to the very request that was shown."""
    return await _at_once(ask, rule.grant, seen=_seen(ask))


@verbs.press("action.keep_date")
async def kept(ask: Ask) -> Reply | None:
    """The chair keeps the date, on the very request that was shown."""
    return await _at_once(ask, rule.keep_date, seen=_seen(ask))


@verbs.press("action.done")
@verbs.press("action.more_time")
@verbs.press("action.cannot")
@verbs.press("action.pass_on")
@verbs.press("action.end")
@verbs.press("action.insist")
async def asked(ask: Ask) -> None:
    """The form of an answer; refused, kindly and on the record, for whoever may not give it."""
    kind = ask.name.partition(".")[2]
    id, _, seen = ask.value.partition(".")
    found = await ask.bot.run(open_answer, ask.bot.practice, id, kind, by=ask.person, now=ask.bot.now())
    view = ask.shape(
        "action_answer",
        kind=kind,
        view=found,
        private_metadata=json.dumps({"action": id, "seen": seen}),
    )
    await _show(ask, view)


@verbs.submission("action.done")
async def done(ask: Ask) -> Reply:
    """With or without a note on what was done."""
    return await _answered(ask, answer.done, _text(ask, "evidence"))


@verbs.submission("action.more_time")
async def more_time(ask: Ask) -> Reply:
    """A new date and what the time is needed for."""
    return await _answered(ask, answer.more_time, _day(ask, "until"), _text(ask, "why"))


@verbs.submission("action.cannot")
async def cannot(ask: Ask) -> Reply:
    """Circumstances changed, or the agency cannot; and what happened."""
    return await _answered(ask, answer.cannot, _text(ask, "because"), _text(ask, "why"))


@verbs.submission("action.pass_on")
async def passed_on(ask: Ask) -> Reply:
    """To somebody who is then asked to accept."""
    return await _answered(ask, answer.pass_on, _text(ask, "owner"), _text(ask, "why"))


@verbs.submission("action.end")
async def ended(ask: Ask) -> Reply:
    """The chair ends it, with a reason."""
    return await _answered(ask, rule.end, _text(ask, "outcome"), _text(ask, "why"), seen=_seen(ask))


@verbs.submission("action.insist")
async def insisted(ask: Ask) -> Reply:
    """The chair asks once more, with a reason."""
    return await _answered(ask, rule.insist, _text(ask, "why"), seen=_seen(ask))


@verbs.options("action.taker")
async def takers(ask: Ask) -> Reply:
    """Who can take the action of the form, where there are too many people for a list."""
    people = await ask.bot.run(
        people_to_take, ask.bot.practice, str(ask.ids["action"]), by=ask.person, now=ask.bot.now()
    )
    return Options(fitting([Option(id=id, label=label) for id, label in people], ask.value))


@verbs.press("action.open")
async def opened(ask: Ask) -> None:
    """An action with what was written about it; that it was opened is on the record."""
    found = await ask.bot.run(open_action, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await _show(ask, ask.shape("action_opened", view=found))


@verbs.press("action.list")
async def listed(ask: Ask) -> Reply | None:
    """The whole list of a case, a page at a time; inside the modal the page is turned in place."""
    case_id, _, page = ask.value.partition(".")
    found = await ask.bot.run(
        open_list, ask.bot.practice, case_id, int(page or 1), by=ask.person, now=ask.bot.now()
    )
    return await _turn(ask, ask.shape("action_pages", view=found))


@verbs.press("action.mine")
async def seen_by_one(ask: Ask) -> Reply:
    """The list of a channel as this person sees it, with what they have to answer there."""
    found = await ask.bot.run(see_list, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Own(ask.shape("action_list", view=found))


@verbs.command("/actions")
@verbs.press("actions.own")
async def own(ask: Ask) -> Reply | None:
    """What one owes and decides, a page at a time, with the buttons to answer."""
    page = ask.value.rpartition(".")[2] if ask.kind == "press" else ""
    found = await ask.bot.run(open_own, ask.bot.practice, int(page or 1), by=ask.person, now=ask.bot.now())
    return await _turn(ask, ask.shape("own_actions", view=found))


@verbs.press("leave.begin")
async def going_on_leave(ask: Ask) -> None:
    """Asks for the days, and for the deputy."""
    people, deputy = await ask.bot.run(colleagues, ask.bot.practice, by=ask.person)
    await _show(ask, ask.shape("leave_set", people=people, deputy=deputy))


@verbs.submission("leave.set")
async def on_leave(ask: Ask) -> Reply:
    """The days are kept."""
    leave = await ask.once(
        set_leave,
        ask.bot.practice,
        _day(ask, "first"),
        _day(ask, "last"),
        deputy_id=_text(ask, "deputy"),
        by=ask.person,
        now=ask.bot.now(),
    )
    words = ask.bot.render.words("leave_saved", leave=leave)
    return Update(ask.shape("notice", words=words))


@verbs.press("leave.clear")
async def back_from_leave(ask: Ask) -> Reply | None:
    """Leave that is not taken after all."""
    await ask.once(clear_leave, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    if not ask.in_modal:
        return None
    found = await ask.bot.run(open_own, ask.bot.practice, 1, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("own_actions", view=found))


async def _at_once(ask: Ask, usecase: Callable[..., Answered], **but: Any) -> Reply | None:
    """An answer that needs nothing more than the press."""
    id = ask.value.partition(".")[0]
    answered = await ask.bot.run(
        usecase, ask.bot.practice, id, by=ask.person, now=ask.bot.now(), source=ask.key, **but
    )
    if ask.in_modal:
        return _notice(ask, answered)
    if ask.on_home:
        return None  # Home is redrawn, so nothing more needs saying there

    def note() -> Ephemeral:
        words = ask.bot.render.words("action_answered", answered=answered)
        return Ephemeral(ask.shape("message", words=words))

    return Afterwards(note)


async def _answered(ask: Ask, usecase: Callable[..., Answered], *said: Any, **but: Any) -> Reply:
    """An answer that came with a form: what became of it stands where the form was."""
    answered = await ask.bot.run(
        usecase,
        ask.bot.practice,
        str(ask.ids["action"]),
        *said,
        by=ask.person,
        now=ask.bot.now(),
        source=ask.key,
        **but,
    )
    return _notice(ask, answered)


def _notice(ask: Ask, answered: Answered) -> Update:
    words = ask.bot.render.words("action_answered", answered=answered)
    return Update(ask.shape("notice", words=words))


async def _show(ask: Ask, view: Json) -> None:
    """On top of the modal that was pressed, else as one of its own."""
    await (ask.push(view) if ask.in_modal else ask.open(view))


async def _turn(ask: Ask, view: Json) -> Reply | None:
    """In the place of the page that was pressed, else as a modal of its own."""
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


def _text(ask: Ask, field: str) -> str:
    said = ask.answers.get(field)
    return said if isinstance(said, str) else ""


def _day(ask: Ask, field: str) -> date | None:
    said = _text(ask, field)
    return date.fromisoformat(said) if said else None


def _seen(ask: Ask) -> int | None:
    """The version that was shown when the button was drawn."""
    seen = ask.value.partition(".")[2] if ask.kind == "press" else str(ask.ids.get("seen") or "")
    return int(seen) if seen.isdigit() else None
