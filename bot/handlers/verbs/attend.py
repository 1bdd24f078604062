"""Answer an invitation, send one's deputy, say when one cannot."""

from collections.abc import Sequence

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Ephemeral, Reply
from bot.usecases.attend import answer_invitation, cannot, my_cannots, send_deputy, undo_cannot
from bot.views.meeting import AbsenceLine

verbs = Verbs()


@verbs.press("invitation.answer")
async def answered(ask: Ask) -> None:
    """Accept, decline or maybe: the qualifier says which; the card shows it."""
    await ask.once(
        answer_invitation, ask.bot.practice, ask.value, ask.qualifier, by=ask.person, now=ask.bot.now()
    )


@verbs.press("invitation.deputy")
async def deputy(ask: Ask) -> Reply:
    """The deputy is asked instead; the button asked first."""
    name = await ask.bot.run(send_deputy, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Ephemeral(ask.shape("message", words=ask.bot.render.words("deputy_sent", name=name)))


@verbs.command("/cannot")
async def cannot_command(ask: Ask) -> Reply:
    """`/cannot Tue 3 March 10:00-12:00` notes it; `/cannot` alone shows what is noted."""
    now = ask.bot.now()
    if ask.value:
        lines = await ask.bot.run(cannot, ask.bot.practice, ask.value, source=ask.key, by=ask.person, now=now)
    else:
        lines = await ask.bot.run(my_cannots, by=ask.person, now=now)
    return _noted(ask, lines)


@verbs.press("cannot.undo")
async def undone(ask: Ask) -> Reply:
    """One span taken back."""
    return _noted(ask, await ask.bot.run(undo_cannot, ask.value, by=ask.person, now=ask.bot.now()))


def _noted(ask: Ask, lines: Sequence[AbsenceLine]) -> Ephemeral:
    words = ask.bot.render.words("cannots")
    return Ephemeral(ask.shape("cannots", words=words, lines=lines))
