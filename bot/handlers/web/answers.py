"""What each answer of a page does: the use case of the button in chat, and what is said back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.handlers.verbs.ask import Bot
from bot.handlers.verbs.times import look_again
from bot.links import Link
from bot.render import Words
from bot.usecases import answer
from bot.usecases.ask_times import none_of_these, say_times
from bot.usecases.attend import answer_invitation, send_deputy
from bot.usecases.by_mail import by_mail, once_by_mail
from bot.usecases.close import agree_to_close, object_to_close, take_back_agreement
from bot.usecases.contacts import Mended, mend_own, own_entry, still_right
from bot.usecases.dispute import Settled, answer_dispute, settle_dispute
from bot.usecases.involvement_answers import Found, keep_research, say_known, say_not_known
from bot.usecases.looks.by_link import action_asked, closure_asked, dispute_asked, own_invitation
from bot.usecases.looks.involvement import involvement_asked

Said = Mapping[str, str]
"""What was typed and chosen, by the field's name."""

ACTION: Mapping[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "accept": (answer.accept, ()),
    "done": (answer.done, ("evidence",)),
    "more_time": (answer.more_time, ("until", "why")),
    "cannot": (answer.cannot, ("because", "why")),
    "pass_on": (answer.pass_on, ("owner", "why")),
}
"""How an action can be answered: the use case, and what its page asks."""

INVITATION = ("accepted", "tentative", "declined", "deputy")

TIMES = ("say", "none")

CLOSURE: Mapping[str, Callable[..., Any]] = {
    "agree": agree_to_close,
    "object": object_to_close,
    "undo": take_back_agreement,
}
INVOLVEMENT = ("known", "not_known", "research")

CONTACT = ("right", "wrong")

DISPUTE = ("answer", "settled", "up", "unresolved")

ENDS = {"settled": "resolved", "up": "pass_up", "unresolved": "unresolved"}
"""How a tier of a dispute ends, by the choice of its page."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "action": tuple(ACTION),
    "invitation": INVITATION,
    "times": TIMES,
    "closure": tuple(CLOSURE),
    "involvement": INVOLVEMENT,
    "contact": CONTACT,
    "dispute": DISPUTE,
}


async def answered(bot: Bot, link: Link, choice: str, said: Said, *, by: Person, source: str) -> Words:
    """Carry an answer out, once for each `source`, and say what came of it. Raises Refused as the use case does."""
    if link.kind == "invitation":
        return await _invitation(bot, link, choice, by, source)
    if link.kind == "times":
        return await _times(bot, link, choice, said, by, source)
    if link.kind == "closure":
        return await _closure(bot, link, choice, said, by, source)
    if link.kind == "involvement":
        return await _involvement(bot, link, choice, said, by, source)
    if link.kind == "contact":
        return await _contact(bot, choice, said, by, source)
    if link.kind == "dispute":
        return await _dispute(bot, link, choice, said, by, source)
    usecase, fields = ACTION[choice]
    if choice == "pass_on":
        await _within_ones_agency(bot, link, said, by)
    told = [_day(said) if field == "until" else said.get(field, "") for field in fields]
    done = await bot.run(by_mail, usecase, bot.practice, link.id, *told, by=by, now=bot.now(), source=source)
    return bot.render.words(
        "action_answered", answered=done, undo=f"tell {bot.contact or 'the coordinator'} today"
    )


async def _invitation(bot: Bot, link: Link, choice: str, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    if choice == "deputy":
        name = await bot.run(once_by_mail, send_deputy, source, now, practice, link.id, by=by, now=now)
        return bot.render.words("deputy_sent", name=name)
    await bot.run(once_by_mail, answer_invitation, source, now, practice, link.id, choice, by=by, now=now)
    card = await bot.read(own_invitation, practice, link.id, by, now)
    return bot.render.words("invitation_answered", view=card)


async def _times(bot: Bot, link: Link, choice: str, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    await look_again(bot, link.id, by)
    if choice == "none":
        card = await bot.run(once_by_mail, none_of_these, source, now, practice, link.id, by=by, now=now)
    else:
        card = await bot.run(once_by_mail, say_times, source, now, practice, link.id, said, by=by, now=now)
    return bot.render.words("times_said", view=card)


async def _closure(bot: Bot, link: Link, choice: str, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    asked = await bot.read(closure_asked, practice, link.id, by, now)
    if asked is None:
        raise TooLate("This proposal is over. Nothing has changed.")
    told = [said.get(field, "") for field in ("reason", "safeguards")] if choice == "object" else []
    await bot.run(once_by_mail, CLOSURE[choice], source, now, practice, asked.case_id, *told, by=by, now=now)
    return bot.render.words("closure_answered", view=asked, choice=choice)


async def _involvement(bot: Bot, link: Link, choice: str, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    if choice == "not_known":
        if said.get("looked") != "yes":
            raise Invalid({"looked": f"Ask for the name first. Ring {bot.contact or 'the coordinator'}."})
        given = await bot.run(once_by_mail, say_not_known, source, now, practice, link.id, by=by, now=now)
        return bot.render.words("involvement_said", view=given)
    if choice == "research":
        return await _research(bot, link, said, by, source)
    since, support, worker = (said.get(field, "") for field in ("since", "support", "worker"))
    card = await bot.run(
        once_by_mail, say_known, source, now, practice, link.id, since, support, worker, by=by, now=now
    )
    return bot.render.words("involvement_said", view=card)


async def _research(bot: Bot, link: Link, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    asked = await bot.read(involvement_asked, practice, link.id, by, now)
    if asked is None:
        raise TooLate("This is not asked any more. Nothing was kept.")
    found = {
        id: Found(
            held=said.get(f"held-{id}", ""),
            facts=said.get(f"facts-{id}", ""),
            risk_view=said.get(f"risk-{id}", ""),
            measures=said.get(f"measures-{id}", ""),
            flag=said.get(f"flag-{id}", ""),
        )
        for id, _ in asked.subjects
    }
    await bot.run(once_by_mail, keep_research, source, now, practice, link.id, found, by=by, now=now)
    return bot.render.words("research_said", view=asked)


async def _contact(bot: Bot, choice: str, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    if choice == "right":
        await bot.run(once_by_mail, still_right, source, now, practice, by=by, now=now)
        return bot.render.words("contact_right", name=by.name)
    entry = await bot.run(own_entry, practice, by=by, now=now)
    mended = Mended(
        phone=said.get("phone", entry.phone),
        title=entry.title,
        deputy_id=entry.deputy_id,
        out_of_hours=said.get("out_of_hours", entry.out_of_hours),
        note=said.get("note", ""),
    )
    await bot.run(once_by_mail, mend_own, source, now, practice, mended, by=by, now=now)
    return bot.render.words("contact_mended", asked=bool(mended.note.strip()))


async def _dispute(bot: Bot, link: Link, choice: str, said: Said, by: Person, source: str) -> Words:
    now, practice = bot.now(), bot.practice
    asked = await bot.read(dispute_asked, practice, link.id, by, now)
    if asked is None:
        raise TooLate("This concern has ended meanwhile. Nothing has changed.")
    if choice == "answer":
        words = said.get("said", "")
        await bot.run(once_by_mail, answer_dispute, source, now, practice, link.id, words, by=by, now=now)
    else:
        found = Settled(how=ENDS[choice], result=said.get("result", ""), learning=said.get("learning", ""))
        await bot.run(once_by_mail, settle_dispute, source, now, practice, link.id, found, by=by, now=now)
    return bot.render.words("dispute_said", view=asked, choice=choice)


async def _within_ones_agency(bot: Bot, link: Link, said: Said, by: Person) -> None:
    """The page names nobody else, and what it did not offer it does not take."""
    form = await bot.read(action_asked, bot.practice, link.id, by, bot.now())
    chosen = said.get("owner", "")
    if form is not None and chosen and chosen not in dict(form.people):
        raise Invalid({"owner": "That person cannot take this action. Choose somebody else."})


def _day(said: Said) -> date | None:
    try:
        return date.fromisoformat(said.get("until", ""))
    except ValueError:
        return None
