"""Write down what the safeguarding contact advised, from a case's file; it joins the chronology (S5-13)."""

from bot.domain.advice import KIND, Advice
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.chronology import JUST_WRITTEN, page_view
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.chronology import begin_entry, record_entry

verbs = Verbs()


@verbs.press("advice.begin")
async def begin(ask: Ask) -> None:
    """The form; the value is the case."""
    by, now = ask.person, ask.bot.now()
    form = await ask.bot.run(begin_entry, ask.bot.practice, ask.value, KIND, by=by, now=now)
    await show(ask, ask.shape("advice", view=form, private_metadata=ids(case=ask.value, form=form.form)))


@verbs.submission("advice.begin")
async def written(ask: Ask) -> Reply:
    """Recorded once; the chronology is shown with it on top."""
    case, by, now = str(ask.ids["case"]), ask.person, ask.bot.now()
    entry = Advice(
        day=a_day(ask.answers.get("day")),
        contact=text(ask, "contact"),
        advice=text(ask, "advice"),
        needed=text(ask, "needed"),
        action=text(ask, "action"),
    ).as_entry()
    key = f"entry:{ask.ids['form']}"
    await ask.bot.run(record_entry, ask.bot.practice, case, entry, source=key, by=by, now=now)
    return Update(await page_view(ask, case, JUST_WRITTEN, 1))
