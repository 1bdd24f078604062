"""Before a meeting: the person comes, or their views are written down, or why there are none (S2-18)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.people import file_at
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply
from bot.usecases.views_first import open_views_first, record_views_first

verbs = Verbs()


@verbs.press("voice.first")
async def begin(ask: Ask) -> None:
    """The form; the value is the case."""
    form = await ask.bot.run(open_views_first, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    carried = ids(case=form.case_id, meeting=form.meeting_id)
    await show(ask, ask.shape("views_first", view=form, private_metadata=carried))


@verbs.submission("voice.first")
async def kept(ask: Ask) -> Reply:
    """Kept; the file opens at it, and the meeting can start."""
    case = await ask.once(
        record_views_first,
        ask.bot.practice,
        str(ask.ids["meeting"]),
        str(ask.ids["case"]),
        text(ask, "how"),
        text(ask, "views"),
        text(ask, "why_not"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return await file_at(ask, case, "voice")
