"""Close a case: propose, agree, object, take an answer back, sign (S3-34, S2-45)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply
from bot.usecases.close import (
    agree_to_close,
    close_case,
    object_to_close,
    propose_closure,
    take_back_agreement,
)
from bot.usecases.open_closure import open_closure

verbs = Verbs()


@verbs.press("closure.propose")
@verbs.press("closure.object")
@verbs.press("closure.close")
async def ask_why(ask: Ask) -> None:
    """A reason is needed for each of these; the value is the case. Who may not, or comes too late, is told so here."""
    what = ask.name.partition(".")[2]
    form = await ask.bot.run(
        open_closure, ask.bot.practice, ask.value, what, by=ask.person, now=ask.bot.now()
    )
    await show(ask, ask.shape("closure_reason", view=form, what=what, private_metadata=ids(case=ask.value)))


@verbs.submission("closure.propose")
async def proposed(ask: Ask) -> Reply:
    """Proposed, with the reason; the card in the room shows it."""
    case, reason = str(ask.ids["case"]), text(ask, "reason")
    await ask.once(propose_closure, ask.bot.practice, case, reason, by=ask.person, now=ask.bot.now())
    return Clear()


@verbs.submission("closure.close")
async def closed(ask: Ask) -> Reply:
    """Signed, with the reason and what the referrer's agency should know; the card in the room shows it."""
    case, reason, outcome = str(ask.ids["case"]), text(ask, "reason"), text(ask, "outcome")
    await ask.once(close_case, ask.bot.practice, case, reason, outcome, by=ask.person, now=ask.bot.now())
    return Clear()


@verbs.submission("closure.object")
async def objected(ask: Ask) -> Reply:
    """The case goes on, and a dispute opens."""
    case, reason, safeguards = str(ask.ids["case"]), text(ask, "reason"), text(ask, "safeguards")
    await ask.once(
        object_to_close, ask.bot.practice, case, reason, safeguards, by=ask.person, now=ask.bot.now()
    )
    return Clear()


@verbs.press("closure.agree")
async def agreed(ask: Ask) -> None:
    """The presser's agency agrees; the card in the room shows it."""
    await ask.once(agree_to_close, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())


@verbs.press("closure.undo")
async def taken_back(ask: Ask) -> None:
    """The presser's agency takes its yes back; the card in the room shows it."""
    await ask.once(take_back_agreement, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
