"""Refer a case on, from its file or from the meeting; and say what became of it (S2-42 to S2-44, S4-22)."""

from bot.domain.forms import chosen
from bot.domain.onward import Heard, Sent
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.refer_on import answer_onward, begin_onward, open_onward, open_sent, refer_on

verbs = Verbs()


@verbs.press("onward.open")
async def opened(ask: Ask) -> None:
    """Where a case was referred on to; the value is the case."""
    page = await ask.bot.run(open_onward, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("onward", view=page))


@verbs.press("onward.begin")
async def begin(ask: Ask) -> Reply | None:
    """The form of a new one, in the place of the page; the value is the case."""
    form = await ask.bot.run(begin_onward, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _instead(
        ask, ask.shape("onward_send", view=form, private_metadata=ids(case=ask.value, form=form.form))
    )


@verbs.submission("onward.begin")
async def sent(ask: Ask) -> Reply:
    """Recorded; the page is shown with it."""
    said = Sent(
        route=text(ask, "route"),
        forum=text(ask, "forum"),
        why=text(ask, "why"),
        pack=tuple(chosen(ask.answers.get("pack"))),
        sent_on=a_day(ask.answers.get("sent_on")),
    )
    by, now, case = ask.person, ask.bot.now(), str(ask.ids["case"])
    key = f"onward:{ask.ids['form']}"
    page = await ask.bot.run(refer_on, ask.bot.practice, case, said, source=key, by=by, now=now)
    return Update(ask.shape("onward", view=page))


@verbs.press("onward.answer")
async def ask_what(ask: Ask) -> Reply | None:
    """What is known of one of them; the value is its id."""
    form = await ask.bot.run(open_sent, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _instead(
        ask, ask.shape("onward_answer", view=form, private_metadata=ids(onward=ask.value, form=form.form))
    )


@verbs.submission("onward.answer")
async def answered(ask: Ask) -> Reply:
    """Said, with who knows it; the page shows it."""
    said = Heard(answer=text(ask, "answer"), on=a_day(ask.answers.get("on")), said=text(ask, "said"))
    by, now, id = ask.person, ask.bot.now(), str(ask.ids["onward"])
    key = f"onward:{ask.ids['form']}"
    page = await ask.bot.run(answer_onward, ask.bot.practice, id, said, source=key, by=by, now=now)
    return Update(ask.shape("onward", view=page))


async def _instead(ask: Ask, view: Json) -> Reply | None:
    """In the place of the dialog that was pressed; from a message, in a dialog of its own."""
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None
