"""Name the lead professional of a case (S2-08, S2-10)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply
from bot.usecases.lead import begin_lead, name_lead

verbs = Verbs()


@verbs.press("case.lead")
async def ask_who(ask: Ask) -> None:
    """From a case's file: who leads now, and who is to."""
    found = await ask.bot.run(begin_lead, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("lead", view=found, private_metadata=ids(case=found.case_id)))


@verbs.submission("case.lead")
async def named(ask: Ask) -> Reply:
    """Named, with a reason; the case's card in the room shows it."""
    case, who = str(ask.ids["case"]), str(ask.answers.get("lead") or "")
    why = str(ask.answers.get("why") or "")
    await ask.once(name_lead, ask.bot.practice, case, who, why, by=ask.person, now=ask.bot.now())
    return Clear()
