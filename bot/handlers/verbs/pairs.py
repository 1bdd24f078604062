"""Two people of one case, and one plan that is fair to both (S5-28)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.people import case_of, file_at, said, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply
from bot.usecases.fair_plan import Flagged, Planned, flag_pair, open_pair, record_plan

verbs = Verbs()


@verbs.press("pair.begin")
@verbs.press("pair.open")
async def opened(ask: Ask) -> None:
    """The plan of the two, or the form that flags them; the value is the case."""
    form = await ask.bot.run(open_pair, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    card = "pair_plan" if form.plan else "pair_flag"
    await show(ask, ask.shape(card, view=form, private_metadata=ids(case=form.case_id)))


@verbs.submission("pair.flag")
async def flagged(ask: Ask) -> Reply:
    """Kept apart from now on; the file opens at the plan."""
    two = Flagged(
        one=text(ask, "one"), other=text(ask, "other"), why=text(ask, "why"), least=text(ask, "least")
    )
    case = await ask.once(flag_pair, ask.bot.practice, case_of(ask), two, by=ask.person, now=ask.bot.now())
    return await file_at(ask, case, "pair")


@verbs.submission("pair.plan")
async def planned(ask: Ask) -> Reply:
    """Whom each action serves, and the advocates; the file opens at the plan."""

    def by_id(prefix: str) -> dict[str, str]:
        return {
            block.removeprefix(prefix): said(answer)
            for block, answer in ask.answers.items()
            if block.startswith(prefix)
        }

    plan = Planned(
        serves=by_id("serves-"),
        advocacy=by_id("advocacy-"),
        least=text(ask, "least"),
        over_why=text(ask, "over_why"),
    )
    case = await ask.once(record_plan, ask.bot.practice, case_of(ask), plan, by=ask.person, now=ask.bot.now())
    return await file_at(ask, case, "pair")
