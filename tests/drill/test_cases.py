"""The drill's cases: twelve, once, as their script says, and nothing of them in a channel (issue 2; IG-01)."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.courier.pacing import Backoff, Pacing
from bot.demo import LocalWorkspace, drill_practice
from bot.domain.nudges import is_quiet
from bot.drill.acts import referral_of
from bot.drill.cases import first_moment, seed
from bot.drill.script import Calendar, Script, read_script
from bot.drill.workspace import fill_register
from bot.local.shelf import Shelf
from bot.storage.audit import verify
from bot.storage.engine import connect
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import ActionRow, AgencyRow, CaseRow, MeetingRow, NudgeRow, ReferralRow
from bot.storage.transaction import transactions

WEDNESDAY = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
SCRIPT = read_script()


@pytest.fixture(scope="module")
def practice():
    return drill_practice()


@pytest.fixture(scope="module")
def seeded_file(sqlite_template, tmp_path_factory, practice):
    """A database in which the stories have been lived through once, up to an ordinary Wednesday."""
    path = sqlite_template.with_name("drill.db")
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    begin = transactions(engine)
    fill_register(begin, now=WEDNESDAY)
    assert seed(begin, practice, WEDNESDAY) == 12
    engine.dispose()
    return path


@pytest.fixture
def begin(seeded_file):
    engine = connect(f"sqlite:///{seeded_file}")
    yield transactions(engine)
    engine.dispose()


def empty(sqlite_database):
    begin = transactions(connect(sqlite_database.url))
    fill_register(begin, now=WEDNESDAY)
    return begin


def states(begin):
    """The state in which each story's case is, or its referral where there is no case; by the story's id."""
    found = {}
    with begin() as work:
        for story in SCRIPT.stories:
            id = referral_of(work, story.id)
            case = work.cases.of_referral(id)
            found[story.id] = case.state if case else work.referrals.row(id).state
    return found


def test_each_of_twelve_cases_is_where_its_story_ends(begin):
    assert states(begin) == {story.id: story.ends for story in SCRIPT.stories}
    assert Counter(story.pathway for story in SCRIPT.stories) == {"marm": 8, "marat": 4}
    with begin() as work:
        rows = list(work.session.exec(select(ReferralRow)))
        assert len(rows) == 12
        assert all(row.drill for row in rows)
        assert all(row.drill for row in work.session.exec(select(CaseRow)))
        assert all(row.drill for row in work.session.exec(select(MeetingRow)))


def test_seeding_again_changes_nothing(begin, practice):
    def size():
        with begin() as work:
            return [
                len(list(work.session.exec(select(row))))
                for row in (ReferralRow.id, OutboxRow.id, AuditEvent.at)
            ]

    before = size()
    assert seed(begin, practice, WEDNESDAY + timedelta(days=1)) == 0
    assert size() == before


def test_the_record_of_what_never_happened_holds_all_the_same(seeded_file):
    with Session(connect(f"sqlite:///{seeded_file}")) as session:
        assert verify(session) == []
        # Every event lies in the past, and each stream tells its story forwards.
        events = session.exec(select(AuditEvent).order_by(col(AuditEvent.stream), col(AuditEvent.seq))).all()
        assert all(event.at <= WEDNESDAY for event in events)
        told = [(event.stream, event.at) for event in events if event.stream.startswith("CV-")]
        assert told == sorted(told)


def test_every_agency_has_raised_a_concern_and_owns_an_action(begin):
    with begin() as work:
        agencies = {row.id for row in work.session.exec(select(AgencyRow))}
        assert {row.agency_id for row in work.session.exec(select(ReferralRow))} == agencies
        assert {row.agency_id for row in work.session.exec(select(ActionRow))} == agencies


def test_ms_b_has_two_actions_done_one_overdue_and_an_owner_on_leave(begin, practice):
    today = practice.today(WEDNESDAY)
    with begin() as work:
        case = work.cases.of_referral(referral_of(work, "ms-b"))
        actions = work.plans.of_case(case.id)
        assert len({row.agency_id for row in actions}) == 6
        assert [row.outcome for row in actions if row.state == "closed"] == ["done", "done"]
        overdue = [row for row in actions if row.state != "closed" and row.due < today]
        assert len(overdue) == 1
        away = [row.owner_id for row in actions if work.register.on_leave(row.owner_id, today)]
        assert [work.register.person(id).name for id in away] == ["Sam Whitlock"]
        assert work.register.person(away[0]).deputy_id


def test_a_longer_extension_waits_for_the_chair(begin):
    with begin() as work:
        case = work.cases.of_referral(referral_of(work, "harbour"))
        waiting = [row for row in work.plans.of_case(case.id) if row.asked_due]
        assert len(waiting) == 1
        assert waiting[0].asked_due > waiting[0].due
        assert work.register.person(case.chair_id).name == "Helen Strand"


def test_clocks_have_been_met_in_time_or_run_out_as_the_stories_say(begin, practice):
    today, days = practice.today(WEDNESDAY), practice.days()
    with begin() as work:
        due = {
            id: work.referrals.row(referral_of(work, id)).triage_due_on
            for id in ("doorstep", "heater", "followed")
        }
        assert due["doorstep"] < today < due["heater"]
        assert due["followed"] == today
        held = work.cases.clocks(work.cases.of_referral(referral_of(work, "harbour")).id)
        assert all(clock.met_at < clock.due_at for clock in held)
        booked = work.meetings.of_case(work.cases.of_referral(referral_of(work, "clinic")).id)
        assert [(row.stage, practice.today(row.starts_at)) for row in booked] == [
            ("discussion", days.shift(today, 1))
        ]


def test_no_open_action_is_without_a_next_step_and_past_nudges_were_received(begin, practice):
    today = practice.today(WEDNESDAY)
    with begin() as work:
        still = work.session.exec(select(ActionRow).where(ActionRow.state != "closed")).all()
        assert still
        assert all(practice.today(row.next_at) > today for row in still)
        nudges = work.session.exec(select(NudgeRow)).all()
        assert {row.state for row in nudges if row.day < today} == {"sent", "skipped"}
        assert {row.state for row in nudges if row.day == today} == {"planned"}


@pytest.mark.long
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 4, 7, 8, 45, tzinfo=UTC),  # the Tuesday after Easter, at a quarter to ten in London
        datetime(2026, 12, 29, 11, 0, tzinfo=UTC),  # between the bank holidays of Christmas and New Year
        datetime(2026, 9, 8, 9, 0, tzinfo=UTC),  # a day on which the rule has a panel meet
    ],
    ids=["after Easter", "between holidays", "on a panel’s day"],
)
def test_the_stories_hold_on_any_working_day(sqlite_database, practice, now):
    begin = empty(sqlite_database)
    assert seed(begin, practice, now) == 12
    assert states(begin) == {story.id: story.ends for story in SCRIPT.stories}
    with begin() as work:
        ahead = work.session.exec(select(MeetingRow).where(MeetingRow.state == "invited")).all()
        assert {row.stage for row in ahead} == {"discussion", "review", "panel"}
        assert all(row.starts_at > now for row in ahead)


def test_a_story_that_goes_wrong_leaves_the_store_empty(sqlite_database, practice):
    begin = empty(sqlite_database)
    first = SCRIPT.stories[1]
    broken = replace(first, steps=(*first.steps, replace(first.steps[0], on="0", does="fly")))
    with pytest.raises(KeyError):
        seed(begin, practice, WEDNESDAY, script=Script(stories=(broken,), usual=SCRIPT.usual))
    with begin() as work:
        assert not list(work.session.exec(select(ReferralRow)))


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (datetime(2026, 3, 18, 11, 7, tzinfo=UTC), datetime(2026, 3, 18, 11, 7, tzinfo=UTC)),
        (datetime(2026, 3, 18, 3, 0, tzinfo=UTC), datetime(2026, 3, 18, 9, 30, tzinfo=UTC)),
        (datetime(2026, 3, 18, 22, 0, tzinfo=UTC), datetime(2026, 3, 19, 9, 30, tzinfo=UTC)),
        (datetime(2026, 3, 21, 12, 0, tzinfo=UTC), datetime(2026, 3, 23, 9, 30, tzinfo=UTC)),
        (datetime(2026, 4, 2, 16, 0, tzinfo=UTC), datetime(2026, 4, 7, 8, 30, tzinfo=UTC)),
    ],
    ids=["in hours", "at night", "in the evening", "on a Saturday", "before Easter"],
)
def test_a_new_workspace_opens_in_working_hours(practice, now, moment):
    assert first_moment(practice, now) == moment
    assert not is_quiet(moment, practice.area.zone, practice.area.opens, practice.area.shuts)


def test_days_are_counted_from_today_or_from_a_panel_that_has_had_time_to_work(practice):
    calendar = Calendar(practice, date(2026, 3, 18))
    assert calendar.day("-3") == date(2026, 3, 13)
    assert calendar.day("panel") == date(2026, 2, 10)
    assert calendar.day("earlier+1") == date(2026, 1, 14)
    with pytest.raises(ValueError, match="no day of the drill"):
        calendar.day("soon")


async def test_the_first_start_shows_the_present_once_and_no_name_in_any_channel(
    sqlite_database, seeded_file
):
    shutil.copy(seeded_file, sqlite_database.url.removeprefix("sqlite:///"))
    here = LocalWorkspace(
        database_url=sqlite_database.url,
        start=WEDNESDAY,
        drill=True,
        pacing=Pacing(rests={}),
        backoff=Backoff(first=timedelta(milliseconds=20), jitter=lambda: 1.0),
    )
    await here.open()
    try:
        await here.settled()
        talk, letters = here.world.talk, here.world.letters
        rooms = {each.name: list(talk.said[each.id].values()) for each in talk.by_id.values() if each.name}
        dead = await here.program.read(lambda work: [row.errand for row in work.outbox.dead_letters()])
        mail = [(one.subject, one.text) for one in letters.all]
        chats = {
            one.name: talk.seen_by(one.user_id, talk.dm(one.user_id).id) for one in here.world.people.values()
        }
    finally:
        await here.close()
    assert dead == []
    # One card for each referral; for each case its card, its open list and its meetings; nothing said twice.
    assert len(rooms["triage"]) == 12
    assert 8 <= len(rooms["marm-panel"]) <= 12
    assert 5 <= len(rooms["marat-panel"]) <= 8
    # The coordinator has most: invitations, two new cases, and the minutes of four meetings that nobody has sent yet.
    assert max(len(said) for said in chats.values()) <= 12
    said = json.dumps(
        [[(one.text, one.blocks) for one in each] for each in rooms.values()], ensure_ascii=False
    )
    assert all("Drill. " in json.dumps(one.blocks) for each in rooms.values() for one in each)
    for secret in secrets_of_the_stories():
        assert secret not in said
        assert not any(secret in subject or secret in text for subject, text in mail)


def secrets_of_the_stories():
    """Names, addresses and the telling parts of every story."""
    for story in SCRIPT.stories:
        for field in ("name", "address", "harmer_name"):
            if field in story.answers:
                yield story.answers[field].removesuffix(" (invented)")
                yield (
                    story.answers[field].split()[0] + " " if field != "address" else story.answers[field][:12]
                )
        yield story.answers["concern"][:30]


def test_a_restart_goes_on_where_it_was(tmp_path):
    file = tmp_path / "demo.sqlite"

    def opened():
        here = LocalWorkspace(database_url=f"sqlite:///{file}", shelf=Shelf(file), drill=True)
        here.prepare()
        begin = transactions(connect(here.database_url))
        with begin() as work:
            refs = sorted(row.ref for row in work.session.exec(select(ReferralRow)))
        now = here.world.clock.now()
        here.shelf.close()
        return refs, now

    refs, now = opened()
    again, later = opened()
    assert len(refs) == 12
    assert again == refs
    assert timedelta(0) <= later - now < timedelta(minutes=5)
