"""Ms B again, and the charity that nobody knew of: found by asking who knows her, by reference alone (S2-48).

Several agencies each held a part, and one that had sat with her for two years was on nobody's list. Everybody in it is
invented.
"""

import logging

import httpx
from acts import accepts, reads_the_case, refers_to_marm
from canaries import found_outside, logged
from meeting_acts import MARM, lists_on_the_next_panel
from test_somebody_without_chat import (
    a_town_in_which_jude_has_only_mail,
    all_that_is_written,
    links_in,
    presses,
    ways_of,
)
from told import MS_B
from town import Town, at
from town_in_teams import ON_BOTH

CHARITY = "Kindly Company"
VISITS = "We have sat with her every second Thursday, and drink tea by the door."
SINCE = "the spring of the year before last"
BEST = "Mary, whom she lets in"
SMOKE = "Two calls about smoke on the stairs; she had put it out herself."
RESPECT = "She opens when she is told the day before."


@ON_BOTH
async def test_the_charity_that_nobody_had_named_is_found_and_comes_to_the_table(
    made, sqlite_database, caplog
):
    """S2-48, S4-10, S4-15, IG-01, IG-05: asked by reference, answered in two taps, silence chased and shown."""
    caplog.set_level(logging.INFO)
    async with made(sqlite_database.url, start=at("2026-02-23 09:30")) as town:
        ref = await refers_to_marm(town, town.priya)
        await accepts(town, town.tom, ref)
        await everybody_is_asked_by_reference(town, ref)
        await the_charity_knows_her_and_the_fire_service_does_not(town, ref)
        await the_coordinator_brings_the_charity_to_the_table(town, ref)
        await lists_on_the_next_panel(town, town.ruth, ref)
        await the_police_say_nothing_and_are_asked_again(town, ref)
        await the_charity_says_what_it_holds(town, ref)
        await before_the_panel_it_is_said_who_is_silent(town, ref)

        pages = "\n".join(await reads_the_case(town.ruth, MARM, ref))
        assert "Who knows them" in pages
        assert VISITS in pages
        assert SINCE in pages
        assert SMOKE in pages
        assert "Aldermere Police" in pages
        assert await town.faults_in_the_record() == []
        assert await found_outside(town, MS_B, VISITS, BEST, SMOKE, RESPECT, log=logged(caplog)) == []


async def everybody_is_asked_by_reference(town: Town, ref: str) -> None:
    await town.ruth.press("Ask who knows them", MARM, near=ref)
    assert CHARITY in town.ruth.modal
    assert "Aldermere Council Adult Social Care" not in town.ruth.modal, "who referred has told us"
    await town.ruth.submit()
    assert "no reply" in town.ruth.modal
    await town.ruth.close()
    await town.settled()
    asked = town.jude.last()
    assert f"Does {CHARITY} know this person? {ref}" in asked


async def the_charity_knows_her_and_the_fire_service_does_not(town: Town, ref: str) -> None:
    await town.jude.press("Who is it about?", "dm", near=ref)
    assert "Ellwood" in town.jude.modal
    assert "insects" not in town.jude.modal, "nothing of what happened"
    await town.jude.press("Known")
    await town.jude.fill(support=VISITS, since=SINCE, worker=BEST)
    await town.jude.submit()
    assert f"Known: {ref}" in town.jude.modal
    await town.jude.close()
    await town.settled()
    assert "Your agency knows them" in town.jude.look(f"Who knows them: {ref}", "dm")

    # Nobody can say that they do not know somebody whom they have not looked for.
    await town.dan.press("Not known", "dm", near=ref)
    assert "Look first" in town.dan.modal
    await town.dan.press("Not known")
    assert f"Not known: {ref}" in town.dan.modal
    await town.dan.close()
    await town.settled()
    # He asks a colleague, and it was the next street's crew who knew her: the answer is changed.
    await town.dan.press("Known", "dm", near=ref)
    await town.dan.fill(support=RESPECT)
    await town.dan.submit()
    await town.dan.close()
    await town.settled()


async def the_coordinator_brings_the_charity_to_the_table(town: Town, ref: str) -> None:
    assert CHARITY not in town.ruth.look(f"Case {ref}", MARM)
    assert town.ruth.look(f"{CHARITY} has answered about {ref}", "dm")
    await town.ruth.press("Who knows them", "dm", near=f"{CHARITY} has answered")
    assert f"{CHARITY}: knows them" in town.ruth.modal
    await town.ruth.press("Add to the case", near=CHARITY)
    assert "Works on the case" in town.ruth.modal
    await town.ruth.close()
    await town.settled()
    assert CHARITY in town.ruth.look(f"Case {ref}", MARM)


async def the_police_say_nothing_and_are_asked_again(town: Town, ref: str) -> None:
    await town.ruth.press("Who knows them", MARM, near=ref)
    await town.ruth.press("Ask the silent ones now")
    assert "3 agencies are asked again" in town.ruth.modal
    await town.ruth.close()
    await town.settled()
    assert f"A reminder: does Aldermere Police know the person of {ref}?" in town.colin.last()
    for who in (town.owen, town.sam):
        await who.press("Who is it about?", "dm", near=ref)
        await who.press("Not known")
        await who.close()
    await town.settled()
    # From the contact to their deputy and the agency's lead, and at last to the coordinator, in grouped messages.
    await town.moves_to(at("2026-02-27 09:30"))
    assert "No reply yet from Aldermere Police" in town.moira.look("Who knows this person?", "dm")
    await town.moves_to(at("2026-03-02 09:30"))
    assert "No reply yet from Aldermere Police" in town.ruth.look("Who knows this person?", "dm")


async def the_charity_says_what_it_holds(town: Town, ref: str) -> None:
    await town.dan.press("Say what we hold", "dm", near=f"Who knows them: {ref}")
    await town.dan.fill(
        **{
            "held-subject": "Relevant facts",
            "facts-subject": SMOKE,
            "measures-subject": "None yet",
            "flag-subject": "No",
        }
    )
    await town.dan.submit()
    await town.dan.close()
    await town.settled()


async def before_the_panel_it_is_said_who_is_silent(town: Town, ref: str) -> None:
    soon = town.ruth.look(f"On it: {ref}", "dm")
    assert f"{ref}: no reply yet from Aldermere Police" in soon
    await town.ruth.press("Ask the silent ones now", "dm", near=f"On it: {ref}")
    await town.settled()


@ON_BOTH
async def test_somebody_without_chat_rings_for_the_name_and_answers_by_the_link(
    made, sqlite_database, caplog
):
    """S2-48, IG-01: no page and no letter holds the name; a mail scanner that opens every link records nothing."""
    caplog.set_level(logging.INFO)
    async with (
        a_town_in_which_jude_has_only_mail(made, sqlite_database) as town,
        httpx.AsyncClient() as browser,
    ):
        ref = await refers_to_marm(town, town.priya)
        await accepts(town, town.tom, ref)
        await town.ruth.press("Ask who knows them", MARM, near=ref)
        await town.ruth.submit()
        await town.ruth.close()
        await town.settled()
        [link] = links_in(town, f"Does {CHARITY} know this person? {ref}")

        before = await town.looks_up(all_that_is_written)
        seen = [(await browser.get(f"{link}{choice}")).text for choice in ("", "/known", "/not_known")]
        assert await town.looks_up(all_that_is_written) == before
        assert "Ring Ruth Calloway" in seen[0]
        assert "01632 960 104" in seen[0]

        assert "Ask for the name first" in await presses(browser, f"{link}/not_known")
        assert f"Not known: {ref}" in await presses(browser, f"{link}/not_known", looked="yes")
        # She asks the volunteers, and one of them knows the house.
        said = await presses(browser, f"{link}/known", support=VISITS, since=SINCE)
        assert f"Known: {ref}" in said
        await town.settled()
        assert VISITS in "\n".join(await reads_the_case(town.ruth, MARM, ref))
        assert await town.looks_up(ways_of, "Jude Farrow") == {"mail"}
        shown = "\n".join([*seen, said])
        assert await found_outside(town, MS_B, VISITS, log=logged(caplog) + shown) == []
