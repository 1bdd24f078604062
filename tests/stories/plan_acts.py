"""What owners and chairs do about actions once they are agreed, and what agencies do to close a case."""

from datetime import date

from acts import page
from meeting_acts import MARM
from town import Town

from bot.local.hands import Hands
from bot.local.screen import Screen


async def accepts_the_action(town: Town, who: Hands, ref: str) -> None:
    """One press on one's own message about it."""
    await who.press("Accept", "dm", near=ref)
    await town.settled()


async def is_done(town: Town, who: Hands, ref: str, evidence: str | None = None) -> str:
    """Done, with a note or without; what is said then."""
    return await _answers(town, who, "Done", ref, evidence=evidence)


async def needs_more_time(town: Town, who: Hands, ref: str, until: date | str, why: str) -> str:
    """A new date, and what the time is for."""
    return await _answers(town, who, "Need more time", ref, until=until, why=why)


async def cannot_do_it(town: Town, who: Hands, ref: str, because: str, why: str) -> str:
    """Circumstances have changed, or the agency cannot."""
    return await _answers(town, who, "Cannot do", ref, because=because, why=why)


async def passes_on(town: Town, who: Hands, ref: str, to: str, why: str | None = None) -> str:
    """To somebody who is then asked."""
    return await _answers(town, who, "Pass on", ref, owner=to, why=why)


async def agrees_to_more_time(town: Town, chair: Hands, ref: str) -> None:
    """The chair's word on a request beyond the pathway's limit."""
    await chair.press("Agree to", "dm", near=ref)
    await town.settled()


async def gives_it_to(town: Town, chair: Hands, ref: str, to: str, why: str | None = None) -> str:
    """The chair finds another owner for what somebody cannot do."""
    return await _answers(town, chair, "Give it to somebody else", ref, owner=to, why=why)


async def says_what_came_of_it(
    town: Town, who: Hands, ref: str, room: str = MARM, **said: str | None
) -> None:
    """From the case's file, at the end: what they wanted, and whether they feel safer; nobody can close before it."""
    await who.press("Open the case", room, near=f"Case {ref}")
    await who.press("What they want")
    asked = {"moment": "At the end", "asked": "Yes", "wants": "To stay at home", "safer": "Yes"}
    await page(who, **asked | said)
    assert "They feel safer" in str(who.modal)
    while who.modal_open:
        await who.close()
    await town.settled()


async def proposes_to_close(town: Town, who: Hands, ref: str, reason: str, room: str = MARM) -> None:
    """From the case's card, with a reason."""
    await who.press("Propose to close", room, near=ref)
    await page(who, reason=reason)
    await town.settled()


async def agrees_to_close(town: Town, who: Hands, ref: str, room: str = MARM) -> None:
    """One agency's yes."""
    await who.press("My agency agrees", room, near=ref)
    await town.settled()


async def objects_to_closing(
    town: Town, who: Hands, ref: str, reason: str, safeguards: str, room: str = MARM
) -> None:
    """One agency's no, with its reason and with what keeps the person safe meanwhile."""
    await who.press("My agency objects", room, near=ref)
    await page(who, reason=reason, safeguards=safeguards)
    await town.settled()


async def closes(town: Town, who: Hands, ref: str, reason: str, room: str = MARM) -> None:
    """The authoriser ends the case under their own name."""
    await who.press("Close the case", room, near=ref)
    await page(who, reason=reason)
    await town.settled()


def grouped(who: Hands) -> list[Screen]:
    """The grouped messages that this person has had, one a day at most, oldest first."""
    return [one for one in who.messages() if "need an answer" in one or "needs an answer" in one]


async def _answers(town: Town, who: Hands, button: str, ref: str, **said: object) -> str:
    """On what is open, or else on one's newest message about it."""
    await who.press(button, None if who.modal_open else "dm", near=ref)
    await page(who, **{field: answer for field, answer in said.items() if answer is not None})
    told = str(who.modal)
    while who.modal_open:
        await who.close()
    await town.settled()
    return told
