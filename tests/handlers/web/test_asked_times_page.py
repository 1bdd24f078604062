"""The page on which somebody says at which of a few times they can: opened, nothing is recorded (issue 4)."""

import re
from datetime import timedelta

import pytest
from plan_builders import at
from sqlmodel import select

from bot.storage.tables import SlotPollAnswerRow, SlotPollPersonRow, SlotPollRow, SlotPollTimeRow

NOON = at("2026-03-05", "12:00")
TIMES = [at("2026-03-09", "10:00"), at("2026-03-09", "14:00"), at("2026-03-11", "09:30")]
SECRETS = ("Helen Marsh", "Cora", "Aldermere Homes", "Noor")


@pytest.fixture
def asked(desk) -> str:
    """Helen is asked about three times; where her answers are sent."""
    with desk.begin() as work:
        work.meetings.row("m-1").state = "planned"
        wish = {
            "required": ["housing"],
            "optional": [],
            "minutes": 120,
            "first": "2026-03-05",
            "last": "2026-03-20",
        }
        work.session.add(
            SlotPollRow(
                id="p-1",
                meeting_id="m-1",
                wish=wish,
                drawn_at=desk.now,
                asked_by="cora",
                asked_at=desk.now,
                closes_at=NOON,
                chase_at=desk.now,
                drill=True,
            )
        )
        work.session.flush()
        for n, start in enumerate(TIMES):
            work.session.add(
                SlotPollTimeRow(
                    id=f"t{n}", poll_id="p-1", starts_at=start, ends_at=start + timedelta(hours=2)
                )
            )
        work.session.add(SlotPollPersonRow(id="asked-helen", poll_id="p-1", person_id="helen"))
    return desk.link("times", "asked-helen")


def said(desk) -> dict[str, str]:
    with desk.begin() as work:
        return {row.time_id: row.can for row in work.session.exec(select(SlotPollAnswerRow))}


def headline(page) -> str:
    [found] = re.findall(r"<h1>(.*?)</h1>", page.text, re.DOTALL)
    return found.strip()


async def test_the_form_is_there_at_once_with_a_question_for_each_time(desk, asked):
    page = await desk.get(asked)
    assert (page.status_code, headline(page)) == (200, "When could you meet?")
    assert re.findall(r"<legend>([^<]+)</legend>", page.text) == [
        "Mon 9 Mar 2026, 10:00 to 12:00",
        "Mon 9 Mar 2026, 14:00 to 16:00",
        "Wed 11 Mar 2026, 09:30 to 11:30",
    ]
    assert page.text.count('type="radio"') == 9
    assert " checked" not in page.text
    assert '<form method="post"' in page.text
    assert "Thu 5 Mar 2026, 12:00" in page.text
    assert [secret for secret in SECRETS if secret in page.text] == []


async def test_to_open_the_pages_records_nothing(desk, asked):
    before = desk.everything()
    for path in (asked, f"{asked}/say", f"{asked}/none"):
        assert (await desk.get(path)).status_code == 200
    assert desk.everything() == before


async def test_an_answer_is_taken_down_by_the_press_and_what_is_left_open_is_no(desk, asked):
    told = await desk.sends(f"{asked}/say", t0="yes", t2="maybe")
    assert (told.status_code, headline(told)) == (200, "You could come at 2 of the times")
    assert said(desk) == {"t0": "yes", "t1": "no", "t2": "maybe"}
    [(actor, verb, facts)] = desk.record()
    assert (actor, verb) == ("helen", "times.answered")
    assert '"way":"mail"' in facts


async def test_the_same_link_shows_the_answer_and_changes_it(desk, asked):
    await desk.sends(f"{asked}/say", t0="yes")
    page = await desk.get(asked)
    assert "You have answered, and can change it" in page.text
    assert page.text.count(" checked") == 3
    told = await desk.sends(f"{asked}/none")
    assert headline(told) == "None of the times suits you"
    assert set(said(desk).values()) == {"no"}


async def test_the_same_press_twice_is_one_answer(desk, asked):
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(asked)).text)[0]
    for _ in range(2):
        told = await desk.client.post(f"{asked}/say", data={"form": form, "t1": "yes"})
        assert told.status_code == 200
    assert headline(told) == "That was saved already"
    assert len(desk.record()) == 1


async def test_nothing_chosen_is_asked_for_again_beside_the_first_time(desk, asked):
    again = await desk.sends(f"{asked}/say")
    assert again.status_code == 422
    assert "<title>Error: When could you meet?" in again.text
    assert 'href="#t0"' in again.text
    assert 'id="t0"' in again.text
    assert 'aria-describedby="t0-problem"' in again.text
    wrong = await desk.sends(f"{asked}/say", t1="perhaps")
    assert wrong.status_code == 422
    assert 'id="t1-problem"' in wrong.text
    assert said(desk) == {}


async def test_an_answer_that_comes_too_late_is_told_so_and_not_kept(desk, asked):
    desk.now = NOON - timedelta(minutes=1)
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(asked)).text)[0]
    desk.now = NOON
    late = await desk.client.post(f"{asked}/say", data={"form": form, "t0": "yes"})
    assert late.status_code == 409
    assert "The time to answer is over" in late.text
    assert "Nothing was kept" in late.text
    assert "The time to answer is over" in (await desk.get(asked)).text
    assert said(desk) == {}


async def test_a_link_is_for_one_person_and_one_asking(desk, asked):
    for link in (
        desk.link("times", "asked-helen", "pete"),
        desk.link("times", "nothing-such"),
        desk.link("times", "i-helen"),
        desk.link("invitation", "asked-helen"),
    ):
        assert (await desk.get(link)).status_code == 404
    assert (await desk.get(f"{asked}/accepted")).status_code == 404


async def test_a_form_from_another_site_is_not_taken(desk, asked):
    told = await desk.sends(f"{asked}/say", {"origin": "https://elsewhere.example"}, t0="yes")
    assert told.status_code == 403
    assert said(desk) == {}


async def test_no_page_needs_a_script(desk, asked):
    for path in (asked, f"{asked}/none"):
        page = await desk.get(path)
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
