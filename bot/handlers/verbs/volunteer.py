"""“We’ll take it”, on the card of a meeting in progress (S4-12, S4-13)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import ASKED, item, new_action
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.volunteer import look_over_offer, open_offer, take_on

verbs = Verbs()


@verbs.press("hold.volunteer")
async def opened(ask: Ask) -> None:
    """The form for one's own agency; the value is the case's place on the agenda."""
    await show(ask, await _view(ask, ask.value, {}))


@verbs.submission("hold.volunteer")
async def taken(ask: Ask) -> Reply | None:
    """On the plan; what its wording leaves open is asked once before that."""
    action = new_action(ask, agency_id=ask.person.agency_id, offered=True)
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    if not ask.ids.get(ASKED):
        questions = await ask.bot.run(look_over_offer, practice, item(ask), action, by=by, now=now)
        if questions:
            return Update(await _view(ask, item(ask), questions))
    await ask.bot.run(take_on, practice, item(ask), action, by=by, now=now)
    return None


async def _view(ask: Ask, item_id: str, questions: dict[str, str]) -> Json:
    sheet = await ask.bot.run(open_offer, ask.bot.practice, item_id, by=ask.person, now=ask.bot.now())
    asked = {ASKED: "yes"} if questions else {}
    return ask.shape(
        "hold_volunteer", view=sheet, questions=questions, private_metadata=ids(item=item_id, **asked)
    )
