"""Who does what in a case: read and set from its file (S2-28)."""

from bot.domain.forms import chosen
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.case_roles import open_roles, set_roles
from bot.views.together import RoleGrid

verbs = Verbs()


@verbs.press("case.roles")
async def opened(ask: Ask) -> None:
    """The grid; the value is the case."""
    grid = await ask.bot.run(open_roles, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, _view(ask, grid))


@verbs.submission("case.roles")
async def settled(ask: Ask) -> Reply:
    """Kept, and shown again with what nobody or more than one agency does."""
    said = {role: chosen(answer) for role, answer in ask.answers.items()}
    by, now = ask.person, ask.bot.now()
    grid = await ask.once(set_roles, ask.bot.practice, str(ask.ids["case"]), said, by=by, now=now)
    return Update(_view(ask, grid, kept=True))


def _view(ask: Ask, grid: RoleGrid, *, kept: bool = False) -> Json:
    return ask.shape("case_roles", view=grid, kept=kept, private_metadata=ids(case=grid.case_id))
