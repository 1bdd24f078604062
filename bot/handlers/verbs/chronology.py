"""A case's chronology: read it in any order and as at any day, add to it, put an entry right (S5-12 to S5-24)."""

from datetime import time

from bot.domain.chronology import KINDS, Reading, Written
from bot.domain.forms import chosen
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.refer import start_view
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.chronology import (
    begin_entry,
    kinds_offered,
    open_chronology,
    open_entry,
    record_entry,
)
from bot.usecases.new_incident import begin_after

verbs = Verbs()

JUST_WRITTEN = Reading(by="known")
"""How the chronology is shown to somebody who has just added to it: what was recorded last comes first."""


@verbs.press("chronology.open")
async def opened(ask: Ask) -> None:
    """The newest page, for those who work on the case; refused and recorded for anybody else."""
    await show(ask, await page_view(ask, ask.value, Reading(), 1))


@verbs.press("chronology.turn")
async def turned(ask: Ask) -> Reply:
    """Another page, or the same in another order; the value is the case, the reading, the page."""
    case, _, rest = ask.value.partition(":")
    reading, _, number = rest.partition(":")
    return Update(await page_view(ask, case, Reading.of(reading), int(number or 1)))


@verbs.submission("chronology.show")
async def shown(ask: Ask) -> Reply:
    """In the chosen order, of the chosen kind, as at the chosen day."""
    order, as_at = text(ask, "order") or "hn", a_day(ask.answers.get("as_at"))
    day = as_at.isoformat() if as_at else ""
    reading = Reading.of(f"{order}~{day}~{text(ask, 'kind')}")
    return Update(await page_view(ask, str(ask.ids["case"]), reading, 1))


@verbs.press("chronology.read")
async def read(ask: Ask) -> None:
    """One entry, whole; the value is the entry."""
    found = await ask.bot.run(open_entry, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("chronology_read", view=found))


@verbs.press("chronology.chain")
async def followed(ask: Ask) -> Reply:
    """From an entry to the one that put it right, or back; in its place."""
    found = await ask.bot.run(open_entry, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("chronology_read", view=found))


@verbs.press("chronology.add")
async def add(ask: Ask) -> Reply | None:
    """Which kind of entry; the value is the case. On the chronology's own page, in its place."""
    kinds = await ask.bot.run(kinds_offered, ask.value, by=ask.person, now=ask.bot.now())
    view = ask.shape("chronology_kind", kinds=kinds, private_metadata=ids(case=ask.value))
    if ask.qualifier == "here" and ask.in_modal:
        return Update(view)
    await show(ask, view)
    return None


@verbs.submission("chronology.kind")
async def kind_chosen(ask: Ask) -> Reply:
    """The form of that kind."""
    case, kind = str(ask.ids["case"]), text(ask, "kind")
    form = await ask.bot.run(begin_entry, ask.bot.practice, case, kind, by=ask.person, now=ask.bot.now())
    known = ids(case=case, kind=kind, form=form.form)
    return Update(ask.shape("chronology_entry", view=form, private_metadata=known))


@verbs.press("chronology.correct")
async def correct(ask: Ask) -> Reply:
    """The form of an entry, with what it says now; the value is the entry."""
    form = await ask.bot.run(
        begin_entry, ask.bot.practice, "", "", corrects=ask.value, by=ask.person, now=ask.bot.now()
    )
    known = ids(case=form.case_id, kind=form.kind, corrects=form.corrects, form=form.form)
    return Update(ask.shape("chronology_entry", view=form, private_metadata=known))


@verbs.submission("chronology.entry")
async def written(ask: Ask) -> Reply:
    """Recorded; the chronology is shown with it on top."""
    case, kind = str(ask.ids["case"]), str(ask.ids["kind"])
    entry = Written(
        kind=kind,
        day=a_day(ask.answers.get("day")),
        clock=_clock(text(ask, "clock")),
        about="about" in chosen(ask.answers.get("about")),
        subject=text(ask, "subject"),
        incident=text(ask, "incident"),
        texts={box.id: text(ask, box.id) for box in KINDS[kind].boxes},
    )
    await ask.bot.run(
        record_entry,
        ask.bot.practice,
        case,
        entry,
        corrects=str(ask.ids.get("corrects") or ""),
        why=text(ask, "why"),
        source=f"entry:{ask.ids['form']}",
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(await page_view(ask, case, JUST_WRITTEN, 1))


@verbs.press("incident.begin")
async def new_incident(ask: Ask) -> None:
    """Something new after a closed case: a new concern, linked to it; danger is asked about first."""
    draft, pathway = await ask.bot.run(
        begin_after, ask.bot.practice, ask.value, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    await show(ask, start_view(ask, pathway, jotting=draft))


async def page_view(ask: Ask, case: str, reading: Reading, number: int) -> Json:
    """One page as a dialog."""
    page = await ask.bot.run(
        open_chronology, ask.bot.practice, case, reading, number, by=ask.person, now=ask.bot.now()
    )
    return ask.shape("chronology", view=page, private_metadata=ids(case=case))


def _clock(said: str) -> time | None:
    return time.fromisoformat(said) if said else None
