"""People without chat say what their entry needs, answer in a concern and say what their agency holds (S5-30, S5-10).

The pages show pointers alone, change nothing until a form is sent, and what is sent is on the record as mail.
"""

import pytest
from plan_builders import PRACTICE, person
from sqlmodel import select

from bot.courier.posts import messages
from bot.storage.followup_tables import DisputeWordRow
from bot.storage.involvement_tables import InvolvementCheckRow, ResearchReturnRow
from bot.usecases.contact_round import ask_still_right
from bot.usecases.dispute import Concern, raise_dispute

ISSUE = "The police have not come when we rang, three times in a week."
SAFE = "The warden calls morning and evening until Friday."
ANSWER = "The sergeant calls each morning from tomorrow on."


def headline(page) -> str:
    return page.text.partition("<h1>")[2].partition("</h1>")[0].replace('<span class="ref">', "")


async def test_an_entry_is_said_to_be_right_and_a_number_is_put_right(desk):
    """S5-30, T24: by a second press; a link of one's own shows nobody else's entry."""
    link = desk.link("contact", "helen")
    before = desk.everything()
    page = await desk.get(link)
    assert "Helen Marsh" in page.text
    assert (await desk.get(f"{link}/right")).status_code == 200
    assert desk.everything() == before
    assert (await desk.get(desk.link("contact", "dev"))).status_code == 404

    assert (await desk.sends(f"{link}/right")).status_code == 200
    with desk.begin() as work:
        assert work.register.row("helen").verified_on == desk.now.date()
    assert [(actor, verb) for actor, verb, _ in desk.record()] == [("helen", "contact.verified")]
    assert '"way":"mail"' in desk.record()[0][2]

    page = await desk.get(f"{link}/wrong")
    long = await desk.sends(f"{link}/wrong", phone="0" * 200, out_of_hours="", note="")
    assert long.status_code == 422
    assert 'aria-invalid="true"' in long.text
    said = await desk.sends(
        f"{link}/wrong", phone="01632 960 188", out_of_hours="", note="My title has changed."
    )
    assert "gone to the coordinator" in said.text
    with desk.begin() as work:
        assert work.register.row("helen").phone == "01632 960 188"
        [request] = work.contacts.requests("aldermere")
        assert request.note == "My title has changed."


@pytest.fixture
def concern(desk) -> str:
    """A concern of Helen's agency about another one; its id. Its first tier is Lena's, who leads Helen's agency."""
    with desk.begin() as work:
        case = work.plans.row("a-7k4qmx-1").case_id
        other = next(each.id for each in work.register.agencies("aldermere") if each.id != "housing")
        work.cases.add_agencies(case, ["housing", other], desk.now)
    raise_dispute(
        desk.begin,
        PRACTICE,
        case,
        Concern(kind="partner", against_id=other, issue=ISSUE, safeguards=SAFE),
        source="press:helen",
        by=person(desk.begin, "helen"),
        now=desk.now,
    )
    with desk.begin() as work:
        return work.followups.disputes(case)[-1].id


async def test_whoever_owns_a_tier_answers_and_ends_it_without_reading_a_word_of_it_on_the_page(
    desk, concern
):
    """S5-10, S2-45: pointers and whom to ring; the owner's answer and the tier's end are theirs by name."""
    with desk.begin() as work:
        owner, ref = work.followups.dispute(concern).owner_id, work.followups.dispute(concern).ref
    link = desk.link("dispute", concern, owner)
    page = await desk.get(link)
    assert ref in page.text
    assert "Helen Marsh" in page.text  # who raised it, to be rung
    assert ISSUE not in page.text
    assert SAFE not in page.text
    assert (await desk.get(desk.link("dispute", concern, "petra"))).status_code == 404

    assert (await desk.sends(f"{link}/answer", said="no")).status_code == 422
    assert (await desk.sends(f"{link}/answer", said=ANSWER)).status_code == 200
    with desk.begin() as work:
        [word] = work.session.exec(select(DisputeWordRow))
        assert (word.by_id, word.said) == (owner, ANSWER)
    said = await desk.sends(f"{link}/settled", result="It is agreed who calls, and when.", learning="")
    assert "Recorded as resolved" in headline(said)
    with desk.begin() as work:
        row = work.followups.dispute(concern)
        assert (row.state, row.ended_by) == ("resolved", owner)
    assert (await desk.get(link)).status_code == 404


async def test_who_raised_it_may_answer_and_not_end_a_tier(desk, concern):
    """S5-10: the tier is its owner's; an attempt is refused and on the record."""
    link = desk.link("dispute", concern, "helen")
    assert f"{link}/settled" not in (await desk.get(link)).text
    assert (await desk.sends(f"{link}/settled", result="We call it settled now.")).status_code == 409
    assert (await desk.sends(f"{link}/answer", said="They came today, late.")).status_code == 200
    with desk.begin() as work:
        assert work.followups.dispute(concern).state == "open"


async def test_an_agency_returns_what_it_holds_by_the_link_of_its_letter(desk):
    """S4-10, S2-48: about everybody whom the pathway asks of; a gap comes back beside its question."""
    with desk.begin() as work:
        case = work.plans.row("a-7k4qmx-1").case_id
        work.session.add(
            InvolvementCheckRow(
                id="k-1",
                case_id=case,
                agency_id="housing",
                person_id="helen",
                asked_by="cora",
                asked_at=desk.now,
                due_on=desk.now.date(),
                drill=True,
            )
        )
    link = desk.link("involvement", "k-1")
    assert f"{link}/research" not in (await desk.get(link)).text
    known = await desk.sends(f"{link}/known", support="We let her the flat.", since="2019", worker="")
    assert known.status_code == 200
    assert f"{link}/research" in (await desk.get(link)).text

    gap = await desk.sends(f"{link}/research", **{"held-subject": "facts"})
    assert gap.status_code == 422
    assert "Look it up first" in gap.text or "relevant to the risk" in gap.text
    about = ("subject", "perpetrator", "child", "adult")
    answers = {f"held-{each}": "nothing" for each in about} | {f"flag-{each}": "no" for each in about}
    answers |= {"held-subject": "facts", "facts-subject": "Two visits refused in January."}
    said = await desk.sends(f"{link}/research", **answers)
    assert said.status_code == 200
    assert "Two visits" not in said.text
    with desk.begin() as work:
        found = {row.subject: row for row in work.session.exec(select(ResearchReturnRow))}
    assert found["subject"].facts == "Two visits refused in January."
    assert '"way":"mail"' in next(facts for _, verb, facts in desk.record() if verb == "research.returned")


def test_letters_about_these_lead_to_their_pages(desk, concern):
    """S5-30, S5-10: the question about an entry, and each message to somebody who is involved in a concern."""
    with desk.begin() as work:
        for row in work.contacts.people("aldermere"):
            row.verified_on = None
        assert ask_still_right(work, PRACTICE, desk.now)
        asked = {
            name: message.asks(message.look(work, PRACTICE, id, desk.now))
            for name, id in (("contact_check", "helen"), ("dispute_owner", concern))
            for message in [messages()[name]]
        }
    assert asked == {"contact_check": ("contact", "helen"), "dispute_owner": ("dispute", concern)}
