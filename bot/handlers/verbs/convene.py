"""Find a time: who must come, the times found, book, move, cancel (design.md section 4, step 4)."""

import json
from datetime import date, timedelta

from bot.domain.answers import a_number
from bot.domain.errors import NotLooked
from bot.domain.forms import chosen
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.book import CANCEL_REASONS, book, cancel, whose_to_look_at_again
from bot.usecases.convene import Wanted, begin_finding, find_times, whose_diaries
from bot.usecases.diaries import sought_by_form
from bot.usecases.list_cases import list_on_next_panel, passed_over
from bot.usecases.send_picture import send_picture
from bot.usecases.venues import ONLINE
from bot.views.meeting import Pick, TimeForm

verbs = Verbs()

BEFORE_A_SEARCH, BEFORE_BOOKING = 1.8, 6.0
"""Seconds to wait for diaries: Slack takes a form's answer for three, and a press has been answered by then."""


@verbs.press("meeting.find")
async def find(ask: Ask) -> None:
    """From a case: the form, filled in with the pathway's invitees and the case's agencies."""
    form = await ask.bot.run(
        begin_finding, ask.bot.practice, case_id=ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, form_view(ask, form))
    await look_ahead(ask, form)


@verbs.press("meeting.move")
async def move(ask: Ask) -> None:
    """From a booked meeting: look for another time; the agenda is kept."""
    form = await ask.bot.run(
        begin_finding, ask.bot.practice, meeting_id=ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, form_view(ask, form))
    await look_ahead(ask, form)


@verbs.press("meeting.call")
async def call(ask: Ask) -> None:
    """A panel of its own, before any case is listed on it; the value is the pathway."""
    form = await ask.bot.run(
        begin_finding, ask.bot.practice, pathway_id=ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, form_view(ask, form, pathway=ask.value))
    await look_ahead(ask, form)


@verbs.press("meeting.again")
async def again(ask: Ask) -> Reply:
    """Back from the times found to what was asked for."""
    form = await ask.bot.run(
        begin_finding, ask.bot.practice, meeting_id=ask.value, by=ask.person, now=ask.bot.now()
    )
    return Update(form_view(ask, form))


@verbs.submission("meeting.find")
async def search(ask: Ask) -> Reply:
    """Search, and show what was found in the form's place."""
    wanted = wanted_in(ask)
    if ask.bot.diaries is not None:
        sought = await ask.bot.run(
            whose_diaries, ask.bot.practice, wanted, source=ask.key, by=ask.person, now=ask.bot.now()
        )
        await ask.bot.diaries.look(sought, patience=BEFORE_A_SEARCH)
    offer = await ask.bot.run(
        find_times, ask.bot.practice, wanted, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    picture = ask.bot.picture_of(offer.meeting_id, ask.person.id)
    known = ids(meeting=offer.meeting_id)
    return Update(ask.shape("offer", view=offer, picture=picture, private_metadata=known))


@verbs.press("meeting.picture")
async def picture(ask: Ask) -> None:
    """The picture is sent to whoever asks, in their own chat; the times stay as they are."""
    await ask.bot.run(send_picture, ask.value, source=ask.key, by=ask.person, now=ask.bot.now())
    words = ask.bot.render.words("picture_sent")
    await show(ask, ask.shape("picture_sent", words=words, meeting=ask.value))


@verbs.press("meeting.picture_page")
async def picture_opened(ask: Ask) -> None:
    """Slack tells that a link was followed; there is nothing to do."""


@verbs.press("meeting.book")
async def booked(ask: Ask) -> Reply | None:
    """The chosen time is checked once more and booked, or the meeting moved to it."""
    if ask.bot.diaries is not None:
        sought = await ask.bot.read(whose_to_look_at_again, ask.bot.practice, ask.value)
        patience = BEFORE_BOOKING if ask.in_modal else BEFORE_A_SEARCH  # a dialog has to be opened in time
        await ask.bot.diaries.look(sought, patience=patience, fresh=timedelta())
    try:
        return await _book(ask, looked=True)
    except NotLooked as error:
        return await _instead(ask, ask.shape("offer_unlooked", why=str(error), option=ask.value))


@verbs.press("meeting.book_unlooked")
async def booked_unlooked(ask: Ask) -> Reply | None:
    """Booked by what was read of the diaries before, since they could not be looked into again."""
    return await _book(ask, looked=False)


async def _book(ask: Ask, *, looked: bool) -> Reply | None:
    told = await ask.bot.run(
        book, ask.bot.practice, ask.value, looked=looked, by=ask.person, now=ask.bot.now()
    )
    words = ask.bot.render.words("meeting_booked", view=told)
    return await _instead(ask, ask.shape("notice", words=words))


async def _instead(ask: Ask, view: Json) -> Reply | None:
    """In the place of the list of times; from the card of a poll, in a dialog of its own."""
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


@verbs.press("meeting.cancel")
async def ask_why(ask: Ask) -> None:
    """Ask for the reason, from the list."""
    reasons = [Pick(id=id, label=label) for id, label in CANCEL_REASONS.items()]
    view = ask.shape("meeting_cancel", reasons=reasons, private_metadata=ids(meeting=ask.value))
    await show(ask, view)


@verbs.submission("meeting.cancel")
async def cancelled(ask: Ask) -> Reply:
    """Cancelled, with the reason."""
    told = await ask.bot.run(
        cancel,
        ask.bot.practice,
        str(ask.ids["meeting"]),
        str(ask.answers.get("reason") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    words = ask.bot.render.words("meeting_cancelled", view=told)
    return Update(ask.shape("notice", words=words))


@verbs.press("panel.list")
async def listed(ask: Ask) -> Reply | None:
    """List a case on the next standing panel; the value is the case."""
    meeting = await ask.bot.run(
        list_on_next_panel, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    closed = await ask.bot.read(passed_over, ask.bot.practice, ask.value, meeting.id, ask.bot.now())
    words = ask.bot.render.words("meeting_listed", starts_at=meeting.starts_at, closed=closed)
    view = ask.shape("listed", words=words, closed=closed)
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


def wanted_in(ask: Ask) -> Wanted:
    """What the form says; what is missing or malformed is told apart by the use case."""
    answers, today = ask.answers, ask.bot.practice.today(ask.bot.now())
    return Wanted(
        stage=str(answers.get("stage") or ask.ids.get("stage") or ""),
        required=tuple(chosen(answers.get("required"))),
        optional=tuple(chosen(answers.get("optional"))),
        minutes=a_number(str(answers.get("minutes") or "")) or 0,
        first=date.fromisoformat(str(answers.get("first") or today)),
        last=date.fromisoformat(str(answers.get("last") or today)),
        case_id=str(ask.ids.get("case") or ""),
        meeting_id=str(ask.ids.get("meeting") or ""),
        pathway_id=str(ask.ids.get("pathway") or ""),
        where=str(answers.get("where") or ONLINE),
    )


def form_view(ask: Ask, form: TimeForm, pathway: str = "") -> Json:
    """The *Find a time* form as a modal."""
    known = ids(case=form.case_id, meeting=form.meeting_id, stage=form.stage, pathway=pathway)
    return ask.shape("find_time", view=form, private_metadata=known)


def ids(**named: str) -> str:
    """A modal's metadata: ids only, the empty ones left out."""
    return json.dumps({name: id for name, id in named.items() if id}, separators=(",", ":"))


async def show(ask: Ask, view: Json) -> None:
    """Open a modal, on top of the one that was pressed when there is one."""
    await (ask.push(view) if ask.in_modal else ask.open(view))


async def look_ahead(ask: Ask, form: TimeForm) -> None:
    """Begin to read the diaries while the form is filled in."""
    if ask.bot.diaries is not None:
        agencies = (*form.required, *form.optional)
        sought = await ask.bot.read(sought_by_form, ask.bot.practice, agencies, form.first, form.last)
        ask.bot.diaries.look_ahead(sought)
