"""The panel's page and its agenda (S3-03, S3-27)."""

from bot.domain.area import Practice
from bot.domain.errors import ListClosed
from bot.handlers.verbs.advice_log import advice_view
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.board import show_board
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.handlers.verbs.reports import report_view
from bot.usecases.list_cases import closed_list, list_case, list_late, reorder, unlist
from bot.usecases.open_meeting import open_agenda, open_panel
from bot.views.meeting import AgendaSheet

verbs = Verbs()

BOARD = "board"
REPORT = "report"
ADVICE = "advice"


@verbs.command("/panel")
async def panel(ask: Ask) -> None:
    """`/panel [pathway]`: the meetings of this channel's pathway, or of the one named.

    `/panel board`: all cases. `/panel report`: the board's figures. `/panel advice`: advice without a case.
    """
    practice = ask.bot.practice
    what, _, which = ask.value.strip().partition(" ")
    if what.casefold() == ADVICE:
        await ask.open(await advice_view(ask))
        return
    if what.casefold() == REPORT:
        await ask.open(await report_view(ask, ""))
        return
    if what.casefold() == BOARD:
        await show_board(ask, practice.named(which.strip()).id if which.strip() else "")
        return
    pathway = practice.named(ask.value).id if ask.value else pathway_of(practice, ask.room)
    found = await ask.bot.run(open_panel, practice, pathway, by=ask.person, now=ask.bot.now())
    await ask.open(ask.shape("panel", view=found, private_metadata=ids(pathway=pathway)))


@verbs.press("meeting.agenda")
async def agenda(ask: Ask) -> None:
    """The agenda, to be put in order."""
    await show(ask, agenda_view(ask, await _sheet(ask, ask.value)))


@verbs.press("agenda.up")
async def earlier(ask: Ask) -> Reply:
    """One place earlier."""
    await ask.once(reorder, ask.bot.practice, ask.value, -1, by=ask.person, now=ask.bot.now())
    return await _redrawn(ask)


@verbs.press("agenda.down")
async def later(ask: Ask) -> Reply:
    """One place later."""
    await ask.once(reorder, ask.bot.practice, ask.value, +1, by=ask.person, now=ask.bot.now())
    return await _redrawn(ask)


@verbs.press("agenda.off")
async def off(ask: Ask) -> Reply:
    """Off the agenda; the button asked first."""
    await ask.once(unlist, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _redrawn(ask)


@verbs.press("agenda.add")
async def add(ask: Ask) -> Reply:
    """A waiting case joins the agenda."""
    meeting = str(ask.ids["meeting"])
    try:
        await ask.once(list_case, ask.bot.practice, meeting, ask.value, by=ask.person, now=ask.bot.now())
    except ListClosed:
        return Update(await _why_late(ask, meeting, ask.value))
    return await _redrawn(ask)


@verbs.press("panel.late")
async def why_late(ask: Ask) -> Reply | None:
    """A case that came too late for a panel: the coordinator or chair may list it, and is asked why."""
    meeting, _, case = ask.value.partition(".")
    view = await _why_late(ask, meeting, case)
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


@verbs.submission("panel.late")
async def listed_late(ask: Ask) -> Reply:
    """Listed, with the reason."""
    meeting = await ask.bot.run(
        list_late,
        ask.bot.practice,
        str(ask.ids["meeting"]),
        str(ask.ids["case"]),
        str(ask.answers.get("reason") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    words = ask.bot.render.words("meeting_listed", starts_at=meeting.starts_at, closed=None)
    return Update(ask.shape("notice", words=words))


def pathway_of(practice: Practice, channel: str) -> str:
    """The pathway whose room this channel is, on whatever platform, else the area's first."""
    area = practice.area
    rooms = {places.get(id): id for places in (area.rooms, area.teams_rooms) for id in area.pathways}
    return rooms.get(channel) or area.pathways[0]


def agenda_view(ask: Ask, sheet: AgendaSheet) -> Json:
    """The agenda as a modal."""
    return ask.shape("agenda", view=sheet, private_metadata=ids(meeting=sheet.meeting_id))


async def _sheet(ask: Ask, meeting: str) -> AgendaSheet:
    return await ask.bot.run(open_agenda, ask.bot.practice, meeting, by=ask.person, now=ask.bot.now())


async def _why_late(ask: Ask, meeting: str, case: str) -> Json:
    now = ask.bot.now()
    found = await ask.bot.run(closed_list, ask.bot.practice, meeting, case, by=ask.person, now=now)
    return ask.shape("list_late", view=found, private_metadata=ids(meeting=meeting, case=case))


async def _redrawn(ask: Ask) -> Reply:
    return Update(agenda_view(ask, await _sheet(ask, str(ask.ids["meeting"]))))
