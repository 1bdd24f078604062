"""Reviews: inviting the person, the review sheet, a decision looked at again (S3-31, S3-32, S2-40)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, item, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Reply
from bot.usecases.decision_review import Looked, look_at_decision
from bot.usecases.open_review import open_decision_review, open_review_sheet, open_subject_form
from bot.usecases.review import Invited, Reviewed, record_invited, record_review

verbs = Verbs()


@verbs.press("subject.invited")
async def ask_how_invited(ask: Ask) -> None:
    """What came of inviting the person; the value is the record of being asked to."""
    form = await ask.bot.run(open_subject_form, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("subject_invite", view=form, private_metadata=ids(invitation=form.id)))


@verbs.submission("subject.invited")
async def invited(ask: Ask) -> Reply:
    """Recorded, in the professional's own name."""
    found = Invited(
        how=text(ask, "how"), safe=text(ask, "safe"), answer=text(ask, "reply"), why=text(ask, "why")
    )
    id = str(ask.ids["invitation"])
    await ask.once(record_invited, ask.bot.practice, id, found, by=ask.person, now=ask.bot.now())
    return Clear()


@verbs.press("hold.review")
async def sheet(ask: Ask) -> None:
    """The review sheet of the case on the table."""
    found = await ask.bot.run(
        open_review_sheet, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, ask.shape("hold_review", view=found, private_metadata=ids(item=ask.value)))


@verbs.submission("hold.review")
async def reviewed(ask: Ask) -> None:
    """Whether there are new risks, and which."""
    found = Reviewed(new_risks=text(ask, "new_risks"), what=text(ask, "what"))
    await ask.once(record_review, ask.bot.practice, item(ask), found, by=ask.person, now=ask.bot.now())


@verbs.press("decision.review")
async def ask_whether_it_stands(ask: Ask) -> None:
    """The decision as it was written, and whether it still stands."""
    form = await ask.bot.run(
        open_decision_review, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, ask.shape("decision_review", view=form, private_metadata=ids(review=ask.value)))


@verbs.submission("decision.review")
async def looked(ask: Ask) -> Reply:
    """What was found; the decision stays as it was written."""
    found = Looked(
        outcome=text(ask, "outcome"),
        why=text(ask, "why"),
        until=a_day(ask.answers.get("until")),
        by_decision=text(ask, "by_decision"),
    )
    id = str(ask.ids["review"])
    await ask.once(look_at_decision, ask.bot.practice, id, found, by=ask.person, now=ask.bot.now())
    return Clear()
