"""Close a case: propose, agree, object, authorise (S3-34)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply
from bot.usecases.close import agree_to_close, close_case, object_to_close, propose_closure

verbs = Verbs()

DOES = {"closure.propose": propose_closure, "closure.object": object_to_close, "closure.close": close_case}


@verbs.press("closure.propose")
@verbs.press("closure.object")
@verbs.press("closure.close")
async def ask_why(ask: Ask) -> None:
    """A reason is needed for each of these; the value is the case."""
    what = ask.name.partition(".")[2]
    view = ask.shape("closure_reason", what=what, private_metadata=ids(case=ask.value))
    await show(ask, view)


@verbs.submission("closure.propose")
@verbs.submission("closure.object")
@verbs.submission("closure.close")
async def given(ask: Ask) -> Reply:
    """Done, with the reason; the card in the room shows it."""
    does, case, reason = DOES[ask.name], str(ask.ids["case"]), str(ask.answers.get("reason") or "")
    await ask.once(does, ask.bot.practice, case, reason, by=ask.person, now=ask.bot.now())
    return Clear()


@verbs.press("closure.agree")
async def agreed(ask: Ask) -> None:
    """The presser's agency agrees; the card in the room shows it."""
    await ask.once(agree_to_close, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
