"""What is recorded about the case on the table: views, prompts, risk, decisions, actions."""

from datetime import date

from bot.domain.answers import a_number
from bot.domain.forms import Answer, chosen
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.agree import NewAction, agree_in_meeting, look_over
from bot.usecases.open_meeting import open_case_sheet
from bot.usecases.record import (
    Decided,
    Rated,
    Said,
    record_decision,
    record_prompts,
    record_risk,
    record_voice,
)

verbs = Verbs()

ASKED = "asked"
"""Carried by a form whose questions have been put once: sent again, it is saved."""


@verbs.press("hold.voice")
@verbs.press("hold.prompts")
@verbs.press("hold.risk")
@verbs.press("hold.decision")
@verbs.press("hold.action")
async def opened(ask: Ask) -> None:
    """One of the forms about the case on the table; the verb names its shape."""
    await show(ask, await sheet_view(ask, ask.name.replace(".", "_"), ask.value))


@verbs.submission("hold.voice")
async def heard(ask: Ask) -> None:
    """The person's own views, or why there are none."""
    said = Said(
        how=text(ask, "how"),
        views=text(ask, "views"),
        outcomes=text(ask, "outcomes"),
        why_not=text(ask, "why_not"),
    )
    await ask.once(record_voice, ask.bot.practice, item(ask), said, by=ask.person, now=ask.bot.now())


@verbs.submission("hold.prompts")
async def prompted(ask: Ask) -> None:
    """The pathway's questions that have been put; a long list is in parts."""
    put = tuple(
        id for block, answer in ask.answers.items() if block.startswith("prompts") for id in chosen(answer)
    )
    await ask.once(record_prompts, ask.bot.practice, item(ask), put, by=ask.person, now=ask.bot.now())


@verbs.submission("hold.risk")
async def rated(ask: Ask) -> None:
    """The risk as the meeting sees it."""
    mitigated = text(ask, "mitigated")
    found = Rated(
        rating=text(ask, "rating"),
        mitigated=mitigated == "yes" if mitigated else None,
        review_on=a_day(ask.answers.get("review_on")),
        why=text(ask, "why"),
    )
    await ask.once(record_risk, ask.bot.practice, item(ask), found, by=ask.person, now=ask.bot.now())


@verbs.submission("hold.decision")
async def decided(ask: Ask) -> None:
    """One decision, whole."""
    found = Decided(
        kind=text(ask, "kind"),
        text=text(ask, "text"),
        reasons=text(ask, "reasons"),
        options=text(ask, "options"),
        support=text(ask, "support"),
        law=tuple(chosen(ask.answers.get("law"))),
        review_on=a_day(ask.answers.get("review_on")),
        dissent=text(ask, "dissent"),
        agencies=tuple(chosen(ask.answers["agencies"])) if "agencies" in ask.answers else None,
        supersedes=text(ask, "supersedes"),
    )
    await ask.bot.run(
        record_decision,
        ask.bot.practice,
        item(ask),
        found,
        source=ask.key,
        by=ask.person,
        now=ask.bot.now(),
    )


@verbs.press("hold.agency")
async def narrowed(ask: Ask) -> Reply:
    """The agency was chosen: its people are offered as owners."""
    return await _narrowed(ask, ask.value)


async def _narrowed(ask: Ask, agency: str) -> Reply:
    return Update(await sheet_view(ask, "hold_action", item(ask), agency=agency))


@verbs.submission("hold.action")
async def added(ask: Ask) -> Reply | None:
    """One action; its owner is told when the meeting is concluded. What its wording leaves open is asked once."""
    if ask.asked is not None and "owner" not in ask.asked and text(ask, "agency"):
        return await _narrowed(ask, text(ask, "agency"))
    action = new_action(ask, agency_id=text(ask, "agency"))
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    if not ask.ids.get(ASKED):
        open_ = await ask.bot.run(look_over, practice, item(ask), action, by=by, now=now)
        if open_:
            return Update(
                await sheet_view(ask, "hold_action", item(ask), agency=action.agency_id, questions=open_)
            )
    await ask.bot.run(agree_in_meeting, practice, item(ask), action, by=by, now=now)
    return None


def new_action(ask: Ask, agency_id: str, *, offered: bool = False) -> NewAction:
    """The action as the form says it; the form is the same whoever fills it in."""
    due = a_day(ask.answers.get("due_other")) or a_day(ask.answers.get("due"))
    after = a_number(text(ask, "review_on"))
    days = ask.bot.practice.days()
    return NewAction(
        agency_id=agency_id,
        owner_id=text(ask, "owner"),
        category=text(ask, "category"),
        detail=text(ask, "detail"),
        why_owner=text(ask, "why_owner"),
        offered=offered,
        due=due,
        review_on=days.shift(due, after) if due and after is not None else None,
        source=ask.key,
        risk=text(ask, "linked_risk"),
        outcome=text(ask, "linked_outcome"),
    )


async def sheet_view(
    ask: Ask, shape: str, item_id: str, agency: str = "", questions: dict[str, str] | None = None
) -> Json:
    """One form about the case on the table, opened for whoever runs the meeting.

    With `questions` it is shown again with each of them beside its field; sent again, it is saved as it stands.
    """
    sheet = await ask.bot.run(
        open_case_sheet, ask.bot.practice, item_id, agency, by=ask.person, now=ask.bot.now()
    )
    asked = {ASKED: "yes"} if questions or ask.ids.get(ASKED) else {}
    return ask.shape(
        shape, view=sheet, questions=questions or {}, private_metadata=ids(item=item_id, **asked)
    )


def item(ask: Ask) -> str:
    """The agenda item that this form is about."""
    return str(ask.ids["item"])


def text(ask: Ask, field: str) -> str:
    """What was typed or chosen there, empty for nothing."""
    answer = ask.answers.get(field)
    return answer if isinstance(answer, str) else ""


def a_day(answer: Answer) -> date | None:
    """The day that was picked, None for none."""
    return date.fromisoformat(answer) if isinstance(answer, str) and answer else None
