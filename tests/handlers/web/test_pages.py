"""People without chat answer in a browser, behind a link that is theirs (issue 4)."""

import re
from datetime import timedelta

import pytest

from bot.handlers.web.answers import CHOICES
from bot.handlers.web.door import BODY_BYTES
from bot.handlers.web.turns import MOST, Turns
from bot.links import Links
from bot.usecases import answer

SECRETS = ("photograph", "hallway", "Helen Marsh", "Cora", "Aldermere Homes", "Pete", "Petra")
"""What was agreed, and people and agencies of the case."""


def headline(page) -> str:
    [found] = re.findall(r"<h1>(.*?)</h1>", page.text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found)


async def test_an_action_is_accepted_by_a_second_press_and_the_record_says_it_came_by_mail(desk):
    page = await desk.get(desk.link())
    assert headline(page) == "Your action CV-7K4QMX/1"
    assert "Thu 2 Apr 2026" in page.text
    said = await desk.sends(f"{desk.link()}/accept")
    assert (said.status_code, headline(said)) == (200, "CV-7K4QMX/1 is accepted")
    assert desk.action().state == "accepted"
    [(actor, verb, facts)] = desk.record()
    assert (actor, verb) == ("helen", "action.accepted")
    assert '"way":"mail"' in facts


async def test_done_with_a_note_and_nothing_of_the_note_on_the_page(desk):
    said = await desk.sends(f"{desk.link()}/done", evidence="Alarms fitted, with her there.")
    assert headline(said) == "CV-7K4QMX/1 is done"
    assert "Alarms" not in said.text
    assert "tell the coordinator today." in said.text
    with desk.begin() as work:
        assert work.plans.row("a-7k4qmx-1").said == "Alarms fitted, with her there."


async def test_more_time_within_the_limit_moves_the_date(desk):
    said = await desk.sends(f"{desk.link()}/more_time", until="2026-04-08", why="She asked for next week.")
    assert headline(said) == "CV-7K4QMX/1 is now due on Wed 8 Apr 2026"


async def test_cannot_leaves_it_to_the_chair(desk):
    said = await desk.sends(
        f"{desk.link()}/cannot", because="not_done_by_agency", why="We have nobody for it."
    )
    assert headline(said) == "CV-7K4QMX/1 waits for the chair"


async def test_an_action_is_passed_on_within_ones_agency_and_the_link_is_then_over(desk):
    page = await desk.get(f"{desk.link()}/pass_on")
    assert "Dev Rao" in page.text
    assert "Pete Sound" not in page.text
    assert (await desk.sends(f"{desk.link()}/pass_on", owner="pete")).status_code == 422
    said = await desk.sends(f"{desk.link()}/pass_on", owner="dev", why="")
    assert headline(said) == "CV-7K4QMX/1 is passed on"
    assert desk.action().owner_id == "dev"
    assert (await desk.get(desk.link(person="dev"))).status_code == 200


@pytest.mark.parametrize(
    ("choice", "said"),
    [("accepted", "You have accepted"), ("tentative", "You said maybe"), ("declined", "You have declined")],
)
async def test_an_invitation_is_answered_and_the_answer_can_be_changed(desk, choice, said):
    page = await desk.get(desk.link("invitation", "i-helen"))
    assert "Tue 10 Mar 2026, 10:00 to 12:00" in page.text
    answered = await desk.sends(f"{desk.link('invitation', 'i-helen')}/{choice}")
    assert headline(answered).startswith(said)
    assert desk.answer() == choice
    assert desk.record()[0][1] == f"invitation.{choice}"
    other = "declined" if choice != "declined" else "accepted"
    await desk.sends(f"{desk.link('invitation', 'i-helen')}/{other}")
    assert desk.answer() == other


async def test_a_deputy_is_asked_instead(desk):
    link = desk.link("invitation", "i-helen")
    assert "Dev Rao is asked in your place" in (await desk.get(f"{link}/deputy")).text
    assert headline(await desk.sends(f"{link}/deputy")) == "Dev Rao is asked in your place"
    assert (await desk.get(link)).status_code == 404
    with desk.begin() as work:
        assert work.meetings.invitation("m-1", "dev").as_deputy


async def test_to_open_and_to_choose_changes_nothing_at_all(desk):
    """A mail scanner follows every link that it finds, again and again, by GET and HEAD."""
    before = desk.everything()
    for kind, id in (("action", "a-7k4qmx-1"), ("invitation", "i-helen")):
        link = desk.link(kind, id)
        assert (await desk.client.head(link)).status_code == 200
        page = await desk.get(link)
        found = set(re.findall(r'(?:href|action)="(/answer/[^"]+)"', page.text))
        assert len(found) >= 5
        for path in found | {f"{link}/{choice}" for choice in CHOICES[kind]}:
            assert (await desk.get(path)).status_code == 200
            await desk.client.head(path)
    await desk.get(desk.link(person="petra"))  # nothing of hers: not even a refused attempt is written down
    assert desk.everything() == before


async def test_the_same_form_sent_twice_counts_once(desk):
    link = desk.link("invitation", "i-helen")
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{link}/declined")).text)[0]
    for _ in range(2):
        answered = await desk.client.post(f"{link}/declined", data={"form": form})
        assert answered.status_code == 200
    # The quorum breaks by it, which the coordinator is told once too.
    assert [verb for _, verb, _ in desk.record()] == ["invitation.declined", "quorum.told"]
    await desk.sends(f"{link}/accepted")
    assert (
        headline(await desk.client.post(f"{link}/declined", data={"form": form})) == "That was saved already"
    )
    assert desk.answer() == "accepted"  # a late copy undoes nothing


async def test_done_sent_twice_is_told_twice_and_recorded_once(desk):
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{desk.link()}/done")).text)[0]
    for _ in range(2):
        said = await desk.client.post(f"{desk.link()}/done", data={"form": form})
        assert headline(said) == "CV-7K4QMX/1 is done"
    assert [verb for _, verb, _ in desk.record()] == ["action.done"]


async def test_what_needs_mending_stands_beside_its_question_and_nothing_typed_is_lost(desk):
    again = await desk.sends(
        f"{desk.link()}/more_time", until="2026-03-01", why="The <clinic> opens & closes"
    )
    assert again.status_code == 422
    assert '<a href="#until">' in again.text
    assert 'aria-describedby="until-hint until-problem" aria-invalid="true"' in again.text
    assert 'value="2026-03-01"' in again.text
    assert "The &lt;clinic&gt; opens &amp; closes</textarea>" in again.text
    assert "<title>Error: More time for CV-7K4QMX/1" in again.text
    again = await desk.sends(f"{desk.link()}/cannot", because="", why="no")
    assert again.text.count('class="problem"') >= 1
    assert desk.record() == []


async def test_a_page_that_lay_open_for_too_long_is_given_again_with_what_was_typed(desk):
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{desk.link()}/done")).text)[0]
    link = desk.link()
    desk.now += timedelta(hours=13)
    late = await desk.client.post(f"{link}/done", data={"form": form, "evidence": "Alarms fitted."})
    assert late.status_code == 422
    assert "nothing was saved" in late.text
    assert "Alarms fitted.</textarea>" in late.text
    assert desk.record() == []
    assert desk.turned_away() == {"form": 1}


async def test_a_refusal_is_the_one_that_a_button_in_chat_gets(desk):
    link = desk.link()
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{link}/accept")).text)[0]
    with desk.begin() as work:
        helen = work.register.person("helen")
    answer.accept(desk.begin, desk.program.practice, "a-7k4qmx-1", by=helen, now=desk.now)
    late = await desk.client.post(f"{link}/accept", data={"form": form})
    assert late.status_code == 409
    assert "was already accepted" in late.text


async def test_whoever_may_not_is_refused_on_the_record_with_the_way_it_came(desk):
    form = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{desk.link()}/done")).text)[0]
    with desk.begin() as work:
        cora = work.register.person("cora")
    answer.pass_on(desk.begin, desk.program.practice, "a-7k4qmx-1", "pete", by=cora, now=desk.now)
    assert (await desk.client.post(f"{desk.link()}/done", data={"form": form})).status_code == 409
    actor, verb, facts = desk.record()[-1]
    assert (actor, verb) == ("helen", "denied")
    assert '"way":"mail"' in facts


async def test_every_link_that_does_not_work_leads_to_one_and_the_same_page(desk):
    links = Links("another key altogether", desk.links.address)
    late = desk.link("invitation", "i-helen")
    with desk.begin() as work:
        work.register.row("dev").active = False
    strange = {
        "tampered": desk.link()[:-3] + "abc",
        "another key": links.to("action", "a-7k4qmx-1", "helen", desk.now).removeprefix(desk.links.address),
        "nonsense": "/answer/nonsense",
        "no such answer": f"{desk.link()}/insist",
        "of the other kind": f"{desk.link()}/declined",
        "no such action": desk.link(id="a-nobody"),
        "somebody else's": desk.link(person="petra"),
        "no such person": desk.link(person="nobody"),
        "a leaver": desk.link(person="dev"),
        "another's invitation": desk.link("invitation", "i-helen", "petra"),
    }
    pages = {name: await desk.get(path) for name, path in strange.items()}
    desk.now += timedelta(days=14)
    pages["too old"] = await desk.get(late)
    desk.now -= timedelta(days=14)
    await desk.sends(f"{desk.link()}/done")
    pages["settled"] = await desk.get(desk.link())
    assert {page.status_code for page in pages.values()} == {404}
    assert len({page.text for page in pages.values()}) == 1
    assert headline(pages["settled"]) == "This link cannot be used"
    assert desk.turned_away() == {"unknown": 5, "over": 4, "nobody": 2, "expired": 1}


async def test_an_invitation_ends_with_its_meeting(desk):
    link = desk.link("invitation", "i-helen")
    desk.now += timedelta(days=6, hours=4)
    assert (await desk.get(link)).status_code == 404


async def test_a_forwarded_link_shows_nothing_of_the_case(desk):
    pages = [await desk.get(desk.link()), await desk.get(desk.link("invitation", "i-helen"))]
    pages += [await desk.get(f"{desk.link()}/{choice}") for choice in CHOICES["action"]]
    for page in pages:
        assert [secret for secret in SECRETS if secret in page.text] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({}, 200),
    ],
)
async def test_a_form_that_another_site_sends_is_not_saved(desk, headers, status):
    assert (await desk.sends(f"{desk.link()}/accept", headers)).status_code == status
    assert bool(desk.record()) == (status == 200)


async def test_a_form_without_its_signature_is_not_saved(desk):
    bare = await desk.client.post(f"{desk.link()}/accept")
    assert bare.status_code == 422
    stolen = re.findall(r'name="form" value="([^"]+)"', (await desk.get(f"{desk.link()}/done")).text)[0]
    assert (await desk.client.post(f"{desk.link()}/accept", data={"form": stolen})).status_code == 422
    assert desk.record() == []


async def test_more_than_a_form_holds_is_not_read(desk):
    flood = await desk.client.post(f"{desk.link()}/done", content=b"x" * (BODY_BYTES + 1))
    assert flood.status_code == 413
    many = await desk.client.post(f"{desk.link()}/done", data={f"f{n}": "" for n in range(50)})
    assert many.status_code == 422
    long = await desk.sends(f"{desk.link()}/done", evidence="y" * 3001)
    assert "at most 3000 characters" in long.text
    assert desk.record() == []


async def test_one_link_is_not_opened_without_end(desk):
    link = desk.link()
    for _ in range(MOST):
        await desk.get(link)
    assert (await desk.get(link)).status_code == 429
    assert (await desk.get(desk.link("invitation", "i-helen"))).status_code == 200


def test_after_ten_minutes_a_link_has_its_turns_again():
    time = [0.0]
    turns = Turns(lambda: time[0])
    assert [turns.take("one") for _ in range(MOST + 1)] == [True] * MOST + [False]
    time[0] = 600.0
    assert turns.take("one")


async def test_every_answer_has_strict_headers_and_no_page_needs_a_script(desk):
    link = desk.link()
    pages = [await desk.get(path) for path in (link, f"{link}/done", "/answer/nonsense", "/answer/page.css")]
    pages.append(await desk.sends(f"{link}/accept"))
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-robots-tag"].startswith("noindex")
        assert "set-cookie" not in page.headers
        if not page.headers["content-type"].startswith("text/css"):
            assert page.headers["cache-control"] == "no-store"
            assert page.text.startswith('<!doctype html>\n<html lang="en-GB">')
            assert "<script" not in page.text
            assert not re.search(r"\son\w+=|\sstyle=", page.text)
