"""What is shown and said about actions: inside the platform's limits, pointers only (rule 4, IG-01)."""

import dataclasses

import pytest
from plan_builders import PRACTICE, add_action, an_action, at, on, person, settle

from bot.courier.action_posts import MESSAGES, SURFACES
from bot.courier.plainly import plain_text
from bot.domain.recipients import CLIMB
from bot.local.blockkit import faults
from bot.render import Render
from bot.storage.tables import AgencyRow, PlacedRow
from bot.usecases import answer
from bot.usecases.digest import prepare
from bot.usecases.leave import set_leave
from bot.usecases.nudge import nudge
from bot.usecases.open_action import open_action, open_answer, open_list, open_own

NOW = at("2026-03-09")
LONG = (
    "Aldermere Integrated Community, Hospital and Primary Care & Wellbeing NHS Foundation Trust <north> " * 2
)


@pytest.fixture(scope="module")
def render():
    return Render()


@pytest.fixture
def database(sqlite_database):
    """How something is drawn has nothing to do with which database it was read from."""
    return sqlite_database


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


@pytest.fixture
def longest(town):
    """Fifty actions, and the longest names that anybody could have."""
    with town() as work:
        for id in ("housing", "police", "council"):
            work.session.get(AgencyRow, id).name = LONG + id
        for row in work.register.rows(each.id for each in work.register.people("aldermere")).values():
            row.name = "Wilhelmina-Persephone Featherstonehaugh-Cholmondeley de la Tour " * 2 + row.id
        states = ["assigned", "accepted", "declined", "accepted", "closed"]
        for n in range(50):
            state = states[n % 5]
            add_action(
                work,
                state=state,
                outcome="not_possible_circumstances_changed" if state == "closed" else None,
                closed_at=NOW if state == "closed" else None,
                closed_by="helen" if state == "closed" else None,
                asked_due=on("2026-04-24") if n % 5 == 3 else None,
                asked_on=on("2026-03-09") if n % 5 in (2, 3) else None,
                due=on("2026-02-16") if n % 2 else on("2026-04-02"),
                detail="x" * 3000,
                said="y" * 3000,
            )
    return town


@pytest.mark.parametrize("surface", ["action_list", "action_message", "action_passed"])
def test_every_surface_fits_with_fifty_actions_and_the_longest_names(longest, render, surface):
    with longest() as work:
        ids = (
            ["c-7k4qmx"]
            if surface == "action_list"
            else [row.id for row in work.plans.of_case("c-7k4qmx")[:5]]
        )
        for id in ids:
            view = SURFACES[surface].look(work, PRACTICE, id, NOW)
            payload = render.shape("slack", SURFACES[surface].shape, view=view)
            assert faults(payload, "message") == []


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_has_its_words_and_fits(longest, render, name):
    with longest() as work:
        for row in work.plans.of_case("c-7k4qmx")[:5]:
            id = "c-7k4qmx" if name == "plan_finished" else row.id
            view = MESSAGES[name].look(work, PRACTICE, id, NOW)
            if view is None:
                continue
            if name != "plan_finished" and view.line.asked_due is None and name == "extension_asked":
                continue  # it is only ever said while the request stands
            words = render.words(MESSAGES[name].words, view=view)
            payload = render.shape("slack", MESSAGES[name].shape, words=words, view=view, id=id, message=name)
            assert faults(payload, "message") == []


def test_a_plan_that_is_finished_is_said_to_be(town, render):
    id = an_action(town)
    answer.done(town, PRACTICE, id, by=person(town, "helen"), now=NOW)
    with town() as work:
        view = MESSAGES["plan_finished"].look(work, PRACTICE, "c-7k4qmx", NOW)
    assert render.words("plan_finished", view=view).headline == "Drill. Every action of CV-7K4QMX is closed"


def test_the_whole_list_is_reached_a_page_at_a_time(longest, render):
    helen = person(longest, "helen")
    refs = []
    for page in range(1, 6):
        view = open_list(longest, PRACTICE, "c-7k4qmx", page, by=helen, now=NOW)
        assert (view.page, view.pages) == (page, 5)
        assert faults(render.shape("slack", "action_pages", view=view), "modal") == []
        refs += [line.ref for line in view.lines]
    assert len(set(refs)) == 50


def test_ones_own_list_and_leave_fit(longest, render):
    helen = person(longest, "helen")
    set_leave(longest, PRACTICE, on("2026-03-30"), on("2026-04-07"), by=helen, now=NOW)
    for who in ("helen", "chai", "dev", "tess"):
        view = open_own(longest, PRACTICE, 1, by=person(longest, who), now=NOW)
        assert faults(render.shape("slack", "own_actions", view=view), "modal") == []
    assert view.lines == ()
    assert "Nothing is waiting for you" in str(render.shape("slack", "own_actions", view=view))


def test_an_opened_action_fits_with_everything_that_was_said_and_sent(longest, render):
    for day in ("2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"):
        while nudge(longest, PRACTICE, at(day)).more:
            pass
    with longest() as work:
        ids = [row.id for row in work.plans.of_case("c-7k4qmx")[:5]]
    for id in ids:
        for who in ("helen", "chai"):
            view = open_action(longest, PRACTICE, id, by=person(longest, who), now=NOW)
            assert faults(render.shape("slack", "action_opened", view=view), "modal") == []


@pytest.mark.parametrize("kind", ["done", "more_time", "cannot", "pass_on", "end", "insist"])
def test_every_form_of_an_answer_fits(longest, render, kind):
    by = person(longest, "chai" if kind in ("end", "insist") else "helen")
    view = open_answer(longest, PRACTICE, "a-7k4qmx-1", kind, by=by, now=NOW)
    for people in (view.people, (), tuple((str(n), LONG) for n in range(150))):
        shown = dataclasses.replace(view, people=people)
        modal = render.shape(
            "slack", "action_answer", kind=kind, view=shown, private_metadata='{"action":"a"}'
        )
        assert faults(modal, "modal") == []


@pytest.mark.parametrize("role", [*CLIMB, "triage"])
def test_a_digest_of_fifty_fits_whoever_reads_it(longest, render, role):
    while nudge(longest, PRACTICE, at("2026-04-02")).more:
        pass
    for who in ("helen", "dev", "lena", "chai", "cora", "bo"):
        digest = prepare(longest, PRACTICE, who, on("2026-04-02"), at("2026-04-02"))
        if digest is None:
            continue
        as_role = dataclasses.replace(
            digest, items=tuple(dataclasses.replace(item, role=role) for item in digest.items)
        )
        words = render.words("digest", view=as_role)
        payload = render.shape("slack", "digest", words=words, view=as_role)
        assert faults(payload, "message") == []
        text = str(payload)
        assert all(item.action.ref in text for item in as_role.items)  # none of them is left out silently
        assert render.words("digest_mail", view=as_role, contact="the hub", links={}, until=None).text


def test_nothing_that_was_written_about_a_person_is_in_a_post(town, render):
    """IG-01, IG-04: the detail, the reasons and the evidence open in a modal only."""
    id = an_action(town, detail="canary-detail")
    answer.more_time(town, PRACTICE, id, on("2026-04-24"), "canary-reason", by=person(town, "helen"), now=NOW)
    posts = []
    with town() as work:
        for surface in SURFACES.values():
            about = "c-7k4qmx" if surface.shape == "action_list" else id
            posts.append(render.shape("slack", surface.shape, view=surface.look(work, PRACTICE, about, NOW)))
        view = MESSAGES["extension_asked"].look(work, PRACTICE, id, NOW)
        words = render.words("extension_asked", view=view)
        posts.append(render.shape("slack", "action_note", words=words, view=view))
    assert "canary" not in str(posts)
    opened = open_action(town, PRACTICE, id, by=person(town, "helen"), now=NOW)
    modal = str(render.shape("slack", "action_opened", view=opened))
    assert "canary-detail" in modal
    assert "canary-reason" in modal


def test_overdue_is_said_in_words_and_what_happens_next_too(town, render):
    """No meaning by colour or emoji alone; rule 8."""
    an_action(town, state="accepted", due=on("2026-03-04"))
    with town() as work:
        view = SURFACES["action_list"].look(work, PRACTICE, "c-7k4qmx", NOW)
    text = plain_text(render.shape("slack", "action_list", view=view))
    assert "overdue by 3 working days" in text
    assert "Next: Helen Marsh is reminded on" in text


def test_the_old_owners_message_turns_into_a_note_without_buttons(town, render):
    id = an_action(town)
    with town() as work:
        work.session.add(
            PlacedRow(
                id=f"action_message:{id}:person:helen",
                platform="slack",
                channel="D0HELEN",
                address="slack:D0HELEN:1.1",
                at=NOW,
            )
        )
    answer.pass_on(town, PRACTICE, id, "dev", by=person(town, "helen"), now=NOW)
    with town() as work:
        assert work.session.get(PlacedRow, f"action_message:{id}:person:helen") is None
        assert work.session.get(PlacedRow, f"action_passed:{id}:person:helen").address == "slack:D0HELEN:1.1"
        view = SURFACES["action_passed"].look(work, PRACTICE, id, NOW)
    payload = render.shape("slack", "action_passed", view=view)
    assert "Dev Rao" in str(payload)
    assert "button" not in str(payload)
