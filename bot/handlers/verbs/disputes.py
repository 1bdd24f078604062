"""Professional concerns: raise, open, answer, end a tier (S2-45, S5-10, S5-11)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply
from bot.usecases.dispute import Concern, Settled, answer_dispute, raise_dispute, settle_dispute
from bot.usecases.open_dispute import is_last, may_still, open_dispute, open_dispute_form

verbs = Verbs()


@verbs.press("dispute.raise")
async def begin(ask: Ask) -> None:
    """The form; the value is the case."""
    form = await ask.bot.run(open_dispute_form, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("dispute_raise", view=form, private_metadata=ids(case=form.case_id)))


@verbs.submission("dispute.raise")
async def raised(ask: Ask) -> Reply:
    """Raised: whoever answers at its tier is told."""
    concern = Concern(
        kind=text(ask, "kind"),
        against_id=text(ask, "against"),
        issue=text(ask, "issue"),
        safeguards=text(ask, "safeguards"),
    )
    case = str(ask.ids["case"])
    await ask.bot.run(
        raise_dispute, ask.bot.practice, case, concern, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    return Clear()


@verbs.press("dispute.open")
async def opened(ask: Ask) -> None:
    """The dispute whole, for those involved; refused and recorded for anybody else."""
    found = await ask.bot.run(open_dispute, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("dispute_file", view=found))


@verbs.press("dispute.answer")
async def ask_for_answer(ask: Ask) -> None:
    """A box for the answer; the value is the dispute."""
    id, ref = await ask.bot.run(may_still, ask.value, "dispute.read", by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("dispute_answer", ref=ref, private_metadata=ids(dispute=id)))


@verbs.submission("dispute.answer")
async def answered(ask: Ask) -> Reply:
    """Kept, and the others are told."""
    await ask.once(
        answer_dispute,
        ask.bot.practice,
        str(ask.ids["dispute"]),
        text(ask, "said"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Clear()


@verbs.press("dispute.settle")
async def ask_how(ask: Ask) -> None:
    """How the tier ends, for its owner."""
    by, now = ask.person, ask.bot.now()
    id, ref = await ask.bot.run(may_still, ask.value, "dispute.settle", by=by, now=now)
    last = await ask.bot.run(is_last, ask.bot.practice, id, by=by, now=now)
    await show(ask, ask.shape("dispute_settle", ref=ref, last=last, private_metadata=ids(dispute=id)))


@verbs.submission("dispute.settle")
async def settled(ask: Ask) -> Reply:
    """The tier has ended."""
    found = Settled(how=text(ask, "how"), result=text(ask, "result"), learning=text(ask, "learning"))
    await ask.once(
        settle_dispute,
        ask.bot.practice,
        str(ask.ids["dispute"]),
        found,
        by=ask.person,
        now=ask.bot.now(),
    )
    return Clear()
