"""What people do in the stories, in the words of the trade. Everybody in them is invented."""

import re

from town import Town

from bot.local.hands import Hands

MS_B = {
    "concern": "Ms B (invented) lives alone in a house so full of belongings that she cannot reach her cooker or bed. "
    "There are flies and insects, and she has fallen twice this month.",
    "concerns": ["Hoarding", "Self-neglect", "Fire risk at home"],
    "concern_on": "2026-02-20",
    "name": "Bridget Bell (invented)",
    "born": "1948-05-04",
    "address": "14 Invented Row, Aldermere",
}


async def refers_to_marm(town: Town, who: Hands, **answers: object) -> str:
    """Send a first-stage concern to MARM, page by page as a person would; its reference."""
    said = {**MS_B, **answers}
    await who.command("/refer marm")
    await page(who, danger="No")
    await page(who, call_back="01632 960 601", out_of_hours="not known")
    await page(who, concern=said["concern"], concerns=said["concerns"], concern_on=said["concern_on"])
    await page(who, name=said["name"], born=said["born"], address=said["address"])
    await page(who, consent="Yes, they agreed")
    await page(who, third_party="No", can_protect="Yes")
    ref = reference(str(who.modal))
    await who.close()
    await town.settled()
    return ref


async def page(who: Hands, **answers: object) -> None:
    """Fill in one page and send it."""
    await who.fill(**answers)  # type: ignore[arg-type]
    await who.submit()


async def decides(town: Town, who: Hands, ref: str, outcome: str, reason: str, **more: object) -> None:
    """Review a referral in the triage channel and record a decision on it."""
    await who.press("Review", "triage", near=ref)
    await who.press("Decide…")
    await who.fill(outcome=outcome, reason=reason, **more)  # type: ignore[arg-type]
    await who.submit()
    await town.settled()


def reference(text: str) -> str:
    """The case reference that stands in a text."""
    found = re.search(r"CV-[A-Z0-9]{6}", text)
    assert found, text
    return found[0]
