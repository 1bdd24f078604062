"""A decision that the pathway wants authorised: authorise it, or send it back with a reason (S3-34)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.people import file_at
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply
from bot.usecases.authorise import answer_authority, open_authority

verbs = Verbs()


@verbs.press("decision.authorise")
async def asked(ask: Ask) -> None:
    """The decision as it was written, and the question; the value is what waits."""
    form = await ask.bot.run(open_authority, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("authority", view=form, private_metadata=ids(authority=form.id)))


@verbs.submission("decision.authorise")
async def answered(ask: Ask) -> Reply:
    """Answered under a name; the file opens at the decisions."""
    case = await ask.once(
        answer_authority,
        ask.bot.practice,
        str(ask.ids["authority"]),
        text(ask, "answer"),
        text(ask, "why"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return await file_at(ask, case, "decisions")
