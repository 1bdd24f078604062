"""Redbridge from a worry to a plan, in chat: any professional, section 42 first, a risk tool, a meeting, a plan.

To be read beside its source (S1): each step is one of its sentences. Everybody and everything in it is invented.
"""

import logging
import re
from datetime import datetime

from acts import accepts, completes_the_form, refers
from canaries import found_outside
from meeting_acts import (
    adds_an_action,
    books,
    concludes,
    goes_through_the_prompts,
    looks_for_a_time,
    rates_the_risk,
    records_a_decision,
    records_attendance,
    records_the_voice,
    starts,
)
from told import MS_B_IN_FULL
from town import LONDON, Town, at

ROOM = "redbridge-meetings"

MR_D = {
    "call_back": "01632 960 101",
    "s42_needs": "Yes",
    "s42_risk": "Yes",
    "s42_unable": "No",
    "s42_reason": "He weighs up what might happen and says whom he would ring. He has rung twice.",
    "concern": "Two men from the park sleep in his front room, and he sleeps in the bath with the door locked.",
    "concerns": [
        "Exploitation, or others taking over their home",
        "Services have not been able to engage them",
    ],
    "exploitation_tool": "It has been begun",
    "home_taken_over": "Yes",
    "several": "Yes",
    "several_why": "The landlord, the police and the charity each know one of the visitors and none knows all.",
    "name": "Desmond Larch (invented)",
    "born": "1961-09-12",
    "consent": "Yes, they agreed",
    "knows": "Yes",
    "views": "“They were friendly at first. I want my own front room.”",
    "outcomes": "To sleep in his bed.",
    "avoid": "Nobody in uniform at the door before noon: it is how his father was fetched.",
    "tried": "Four letters and two calls, none of them answered",
    "wanted": "One agency to knock, and the others to know when.",
    "quality": MS_B_IN_FULL["quality"],
}
THE_TOOL = {
    "tool_used": "Yes, I went through it with the person",
    "ex_moved": "Yes",
    "ex_seen_alone": "Yes",
    "ex_new_worries": "Yes",
    "ex_adds_up": "Yes",
    "risk_summary": "He is not free in his own home; the visitors have keys and his bank card.",
    "risk_on": "2026-03-01",
}
HIS_WORDS = "“I want the key back, and I want Mary to be there.”"
THE_KEYS = "Change the lock with him on a morning of his choosing, and give one key to nobody else."


async def test_any_professional_begins_and_agencies_end_with_one_plan(sqlite_database, caplog):
    """S1-01, S1-05, S1-08, S1-09, S1-11 to S1-15, S1-17, S1-18."""
    caplog.set_level(logging.INFO)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        # "… can be initiated by any professional working with the individual": Priya holds no other role.
        ref = await refers(town, town.priya, "redbridge", MR_D)

        # "… does not replace any statutory processes": triage sees what to bear in mind, and decides.
        await town.tom.press("Review", "triage", near=ref)
        await town.tom.press("Decide…")
        shown = str(town.tom.modal)
        assert "threshold is met" in shown
        assert "exploitation screening tool" in shown
        assert "redirect to Exploitation panel" in shown
        assert "never takes the place of a process under the Care Act" in shown
        while town.tom.modal_open:
            await town.tom.close()
        await accepts(town, town.tom, ref)

        # "… leading to the use of a risk assessment tool …"
        await completes_the_form(town, town.priya, THE_TOOL)

        # "… a multi-disciplinary meeting …", with the adult at the centre.
        ruth = town.ruth
        times = await looks_for_a_time(ruth, ref, ROOM, first="2026-03-03", last="2026-03-20")
        first = re.search(r"^1\. (\w+ \d+ \w+ \d+), (\d\d:\d\d) to", times, re.MULTILINE)
        assert first, times
        await books(town, ruth, first[0])
        await town.moves_to(
            datetime.strptime(" ".join(first.groups()), "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
        )
        await starts(town, ruth, ROOM)
        came = {
            "Aldermere Council Adult": "Present: Joel",
            "Aldermere NHS": "Present: Owen",
            "Larkfield": "Present: Sam",
        }
        await records_attendance(town, ruth, came, ROOM)
        await records_the_voice(
            town, ruth, ROOM, how="Told to a professional", views=HIS_WORDS, outcomes="His bed"
        )
        await goes_through_the_prompts(town, ruth, ROOM)
        await records_a_decision(
            town,
            ruth,
            ROOM,
            kind="Action plan agreed",
            text="The lock is changed with him there, and everybody knows on which day.",
            reasons="It gives him back his door soonest, and it is what he asked for.",
            options="Moving him was weighed, and he does not want to go.",
            support="Mary went through it with him twice.",
            law=["Care Act 2014, section 9"],
            review_on="2026-04-14",
        )

        # "… and a resulting action plan", with responsibility shared.
        await adds_an_action(
            town,
            ruth,
            "Larkfield Homes",
            "Sam Whitlock",
            "Housing or tenancy",
            THE_KEYS,
            due="In 5 working days",
            room=ROOM,
        )
        await rates_the_risk(town, ruth, "High", mitigated="Yes", review_on="2026-04-14", room=ROOM)
        told = await concludes(town, ruth, room=ROOM)
        assert f"Heard: {ref}" in told
        actions = ruth.look(f"Actions of {ref}", ROOM)
        assert f"{ref}/1 Housing or tenancy support\nLarkfield Homes, Sam Whitlock" in actions
        assert f"An action for you: {ref}/1" in town.sam.last()

        assert await town.faults_in_the_record() == []
        assert await found_outside(town, MR_D, THE_TOOL, HIS_WORDS, THE_KEYS, log=caplog.text) == []
