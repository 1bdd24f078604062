"""The chair's desk: start, attendance, the case on the table, conclude (S3-27 to S3-32)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.conclude import conclude
from bot.usecases.hold import Mark, open_item, record_attendance, record_information, start
from bot.usecases.open_meeting import open_attendance, open_unfinished

verbs = Verbs()

AGENCY = "agency-"
"""Begins the block id of an agency's own question, before the agency's id."""


@verbs.press("meeting.start")
async def begun(ask: Ask) -> Reply | None:
    """The meeting begins; its own card comes into the room."""
    await ask.bot.run(start, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    if ask.in_modal:
        return Update(ask.shape("notice", words=ask.bot.render.words("hold_started")))
    return None


@verbs.press("hold.attendance")
async def who_is_here(ask: Ask) -> None:
    """Attendance, agency by agency."""
    sheet = await ask.bot.run(open_attendance, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    view = ask.shape("attendance", view=sheet, private_metadata=ids(meeting=ask.value))
    await show(ask, view)


@verbs.submission("hold.attendance")
async def attended(ask: Ask) -> Reply | None:
    """Recorded; where an agency sent information instead, it is asked for next."""
    meeting, by, now = str(ask.ids["meeting"]), ask.person, ask.bot.now()
    sent = await ask.once(record_attendance, ask.bot.practice, meeting, marks_in(ask), by=by, now=now)
    if not sent:
        return None
    sheet = await ask.bot.run(open_attendance, ask.bot.practice, meeting, by=by, now=now)
    agencies = [each for each in sheet.agencies if each.agency_id in sent]
    known = ids(meeting=meeting)
    return Update(ask.shape("information", agencies=agencies, private_metadata=known))


@verbs.submission("hold.information")
async def informed(ask: Ask) -> None:
    """What agencies sent instead of coming."""
    told = {
        block.removeprefix(AGENCY): str(answer or "")
        for block, answer in ask.answers.items()
        if block.startswith(AGENCY)
    }
    meeting = str(ask.ids["meeting"])
    await ask.once(record_information, ask.bot.practice, meeting, told, by=ask.person, now=ask.bot.now())


@verbs.press("hold.case")
async def come_to(ask: Ask) -> None:
    """The next case is on the table; the card shows it."""
    await ask.once(open_item, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())


@verbs.press("hold.conclude")
async def before_the_end(ask: Ask) -> None:
    """What concluding would do, and what still stands in its way."""
    found = await ask.bot.run(open_unfinished, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    view = ask.shape("hold_conclude", view=found, private_metadata=ids(meeting=ask.value))
    await show(ask, view)


@verbs.submission("hold.conclude")
async def concluded(ask: Ask) -> Reply:
    """The meeting ends; action lists and owners' messages are on their way."""
    refs = await ask.bot.run(
        conclude,
        ask.bot.practice,
        str(ask.ids["meeting"]),
        str(ask.answers.get("override") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    words = ask.bot.render.words("hold_concluded", refs=refs)
    return Update(ask.shape("notice", words=words))


def marks_in(ask: Ask) -> list[Mark]:
    """The form's answers: a status, and after a colon who speaks for the agency."""
    found = []
    for block, answer in ask.answers.items():
        if block.startswith(AGENCY) and answer:
            status, _, person = str(answer).partition(":")
            found.append(Mark(agency_id=block.removeprefix(AGENCY), status=status, person_id=person or None))
    return found
