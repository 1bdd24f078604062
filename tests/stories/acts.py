"""What people do before there is a case: refer, complete the form, decide. In the words of the trade."""

import re
from typing import Any

from in_teams import InTeams
from told import MS_B, MS_B_IN_FULL, MS_C, Told
from town import Town

from bot.local.hands import Hands

Json = dict[str, Any]

SELF_NEGLECT = "Self-neglect with fire risk; several agencies know parts of it."


async def refers_to_marm(town: Town, who: Hands, **but: object) -> str:
    """Send a first-stage concern about Ms B to MARM, page by page as a person would; its reference."""
    return await refers(town, who, "marm", {**MS_B, **but})


async def refers_to_marat(town: Town, who: Hands, **but: object) -> str:
    """Send the referral about Ms C to MARAT, page by page; its reference."""
    return await refers(town, who, "marat", {**MS_C, **but})


async def refers(town: Town, who: Hands, pathway: str, told: Told) -> str:
    """Type `/refer`, answer the pages, send; the reference that the last dialog shows."""
    await begins_to_refer(who, pathway, told)
    await sends(who, told)
    ref = reference(str(who.modal))
    await who.close()
    await town.settled()
    return ref


async def begins_to_refer(who: Hands, pathway: str, told: Told) -> None:
    """Everything but the last press: the form's last page is filled in and not yet sent."""
    await who.command(f"/refer {pathway}")
    await page(who, danger="No")
    while not last_page(who):
        await answers_the_page(who, told)
        await who.submit()


async def sends(who: Hands, told: Told) -> None:
    """The last page, and Send."""
    await answers_the_page(who, told)
    await who.submit()


async def completes_the_form(town: Town, who: Hands, told: Told = MS_B_IN_FULL) -> None:
    """From App Home: the second form of an accepted referral, to its end."""
    await who.open_home()
    await who.press("Complete the form", "home")
    while "is complete" not in who.modal:
        await answers_the_page(who, told)
        await who.submit()
    await who.close()
    await town.settled()


async def answers_the_page(who: Hands, told: Told) -> None:
    """Answer each question with what is told, and tick "not known" where nothing is."""
    done: set[str] = set()
    while question := next((one for one in _asked(who) if one["block_id"] not in done), None):
        done.add(id := question["block_id"])
        if id in told:
            await who.fill(**{id: told[id]})
        elif id.endswith(":unknown") and id.removesuffix(":unknown") not in told:
            await who.fill(**{id: [_words_of(question["element"]["options"][0])]})
        elif unknown := _unknown_in(question):
            await who.fill(**{id: [unknown] if "multi" in question["element"]["type"] else unknown})


def last_page(who: Hands) -> bool:
    """Whether the open page is the last: its button says Send."""
    if isinstance(who, InTeams):
        return who.last_page
    return bool(who.world.stage.stack(who.user)[-1]["submit"]["text"] == "Send")


def _asked(who: Hands) -> list[Json]:
    return [block for block in who.modal.blocks if block["type"] == "input"]


def _unknown_in(question: Json) -> str | None:
    """The words of a required choice's own "unknown", if it has one."""
    choices = question["element"].get("options", [])
    unknown = next((each for each in choices if each.get("value") == "unknown"), None)
    return None if unknown is None or question.get("optional") else _words_of(unknown)


def _words_of(option: Json) -> str:
    return str(option["text"]["text"])


async def page(who: Hands, **answers: object) -> None:
    """Fill in one page and send it."""
    await who.fill(**answers)  # type: ignore[arg-type]
    await who.submit()


async def decides(town: Town, who: Hands, ref: str, outcome: str, reason: str, **more: object) -> None:
    """Review a referral in the triage channel and record a decision on it."""
    await who.press("Review", "triage", near=ref)
    await who.press("Decide…")
    if "is it the same person?" in str(who.modal):
        more.setdefault("repeat_of", "No, none of these")
    await who.fill(outcome=outcome, reason=reason, **more)  # type: ignore[arg-type]
    await who.submit()
    await town.settled()


async def accepts(town: Town, who: Hands, ref: str, reason: str = SELF_NEGLECT) -> None:
    """Triage takes the referral on: a case is open."""
    await decides(town, who, ref, "Accept: open a case", reason)


async def reads_the_case(who: Hands, room: str, ref: str) -> list[str]:
    """Every part of a case's file, as this person can open it."""
    return await _reads(who, "Open the case", room, ref)


async def reads_the_referral(who: Hands, ref: str) -> list[str]:
    """Every part of a referral's details, from its card in the triage channel."""
    return await _reads(who, "Review", "triage", ref)


async def _reads(who: Hands, button: str, room: str, ref: str) -> list[str]:
    await who.press(button, room, near=ref)
    return await turns_the_pages(who)


async def turns_the_pages(who: Hands) -> list[str]:
    """Read what is open to its last page, and close it."""
    pages = [str(who.modal)]
    while any(control.label.startswith("Next") for control in who.modal.controls):
        await who.press("Next")
        pages.append(str(who.modal))
    await who.close()
    return pages


def reference(text: str) -> str:
    """The case reference that stands in a text."""
    found = re.search(r"CV-[A-Z0-9]{6}", text)
    assert found, text
    return found[0]
