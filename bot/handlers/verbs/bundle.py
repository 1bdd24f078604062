"""A case's whole file as one audit bundle: asked for with a reason, taken by a link that works once (S2-50)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.papers import links_view
from bot.handlers.verbs.people import case_of, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.bundle import allow_bundle, open_bundle, see_bundle

verbs = Verbs()


@verbs.press("bundle.begin")
async def ask_why(ask: Ask) -> None:
    """For whom, and what for; the value is the case."""
    form = await ask.bot.run(open_bundle, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("bundle_ask", view=form, private_metadata=ids(case=form.case_id)))


@verbs.submission("bundle.allow")
async def allowed(ask: Ask) -> Reply:
    """The links for whoever allowed it for themselves; otherwise that the other has been told."""
    note = await ask.once(
        allow_bundle,
        ask.bot.practice,
        case_of(ask),
        text(ask, "taker"),
        text(ask, "why"),
        text(ask, "both_why"),
        by=ask.person,
        now=ask.bot.now(),
    )
    view = links_view(ask, "bundle", note.id) if note.mine else ask.shape("bundle_allowed", view=note)
    return Update(view)


@verbs.press("bundle.open")
async def opened(ask: Ask) -> None:
    """The link, for whoever was told that they may take it; the value is what was allowed."""
    note = await ask.bot.run(see_bundle, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, links_view(ask, "bundle", note.id))
