"""Interim measures, and calls for a review: read, agreed, answered (S5-11, S5-15, S5-22, S5-23, S5-27)."""

from bot.domain.measures import Agreed
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply, Update
from bot.usecases.measures import (
    Answered,
    agree_measure,
    answer_measure,
    begin_measure,
    open_measure,
    open_measures,
)
from bot.usecases.review_calls import answer_call, open_call

verbs = Verbs()

ANSWER = {
    "measure.end": "ended",
    "measure.extend": "extended",
    "measure.keep": "reviewed",
    "measure.become": "became",
}
"""What each button says of a measure."""


@verbs.press("measures.open")
async def opened(ask: Ask) -> None:
    """A case's interim measures, for those who work on it; the value is the case."""
    await show(ask, await page_view(ask, ask.value))


@verbs.press("measure.begin")
async def begin(ask: Ask) -> Reply | None:
    """The form of a new one; on the page of measures, in its place."""
    form = await ask.bot.run(begin_measure, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _instead(
        ask, ask.shape("measure_agree", view=form, private_metadata=ids(case=ask.value, form=form.form))
    )


@verbs.submission("measure.agree")
async def agreed(ask: Ask) -> Reply:
    """Recorded; the page of measures is shown with it."""
    case = str(ask.ids["case"])
    measure = Agreed(
        measure=text(ask, "measure"),
        why=text(ask, "why"),
        least=text(ask, "least"),
        agreed_by=text(ask, "agreed_by"),
        starts_on=a_day(ask.answers.get("starts_on")),
        ends_on=a_day(ask.answers.get("ends_on")),
        review_on=a_day(ask.answers.get("review_on")),
    )
    await ask.bot.run(
        agree_measure,
        ask.bot.practice,
        case,
        measure,
        source=f"measure:{ask.ids['form']}",
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(await page_view(ask, case))


@verbs.press("measure.end")
@verbs.press("measure.extend")
@verbs.press("measure.keep")
@verbs.press("measure.become")
async def ask_why(ask: Ask) -> Reply | None:
    """What becomes of it, and why; the value is the measure."""
    form = await ask.bot.run(open_measure, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    view = ask.shape(
        "measure_answer",
        view=form,
        what=ask.name.partition(".")[2],
        private_metadata=ids(measure=ask.value, form=form.form),
    )
    return await _instead(ask, view)


@verbs.submission("measure.end")
@verbs.submission("measure.extend")
@verbs.submission("measure.keep")
@verbs.submission("measure.become")
async def answered(ask: Ask) -> Reply:
    """Said, with the reason; the page of measures shows it."""
    said = Answered(
        answer=ANSWER[ask.name],
        why=text(ask, "why"),
        ends_on=a_day(ask.answers.get("ends_on")),
        review_on=a_day(ask.answers.get("review_on")),
        result=text(ask, "result"),
    )
    case = await ask.bot.run(
        answer_measure,
        ask.bot.practice,
        str(ask.ids["measure"]),
        said,
        source=f"measure:{ask.ids['form']}",
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(await page_view(ask, case))


@verbs.press("review.answer")
async def call_opened(ask: Ask) -> None:
    """What a call for a review rests on, and the question; the value is the call."""
    found = await ask.bot.run(open_call, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("review_answer", view=found, private_metadata=ids(call=ask.value)))


@verbs.submission("review.answer")
async def call_answered(ask: Ask) -> Reply:
    """Whether there is to be a review, and why."""
    await ask.once(
        answer_call,
        ask.bot.practice,
        str(ask.ids["call"]),
        text(ask, "answer"),
        text(ask, "why"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Clear()


async def page_view(ask: Ask, case: str) -> Json:
    """A case's interim measures as a dialog."""
    page = await ask.bot.run(open_measures, ask.bot.practice, case, by=ask.person, now=ask.bot.now())
    return ask.shape("measures", view=page)


async def _instead(ask: Ask, view: Json) -> Reply | None:
    """In the place of the dialog that was pressed; from a message, in a dialog of its own."""
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None
