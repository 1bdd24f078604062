"""Who is who in Microsoft Teams and where its conversations are reached, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from plan_builders import settle
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.domain.teams import Conversation, Kind, Stopped
from bot.storage.tables import TeamsConversationRow, TeamsIdentityRow
from bot.storage.teams_links import is_kept, known_by_teams

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOST, HOME = "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111", "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
OBJECT = "5c1f6a90-4f4a-4e68-9d5e-1f2c3a4b5555"

CHAT = Conversation(
    id="a:1helen",
    kind=Kind.PERSONAL,
    tenant=HOST,
    service_url="https://smba.trafficmanager.net/uk/",
    bot_id="28:bot",
    person_id="helen",
)
ROOM = Conversation(
    id="19:panel@thread.tacv2",
    kind=Kind.CHANNEL,
    tenant=HOST,
    service_url="https://smba.trafficmanager.net/uk/",
    bot_id="28:bot",
    team_id="19:team@thread.tacv2",
    channel_id="19:panel@thread.tacv2",
)


@pytest.fixture(autouse=True)
def town(begin):
    settle(begin)


def link(begin, person: str = "helen", tenant: str = HOST, object: str = OBJECT, **but) -> str:
    with begin() as work:
        return work.teams.link(
            person, tenant, object, **{"mri": "29:helen", "is_guest": False, "at": NOW, **but}
        )


def save(begin, *met: Conversation, at: datetime = NOW) -> None:
    with begin() as work:
        for each in met:
            work.teams.save(each, at=at)


def stop(begin, id: str, why: Stopped) -> bool:
    with begin() as work:
        return work.teams.stop(id, why)


def stopped(begin, id: str) -> str | None:
    with begin() as work:
        return work.teams.conversation(id).stopped


def identities(begin) -> dict[tuple[str, str], TeamsIdentityRow]:
    with begin() as work:
        return {(row.tenant, row.aad_object_id): row for row in work.session.exec(select(TeamsIdentityRow))}


def test_a_linked_person_is_known_by_tenant_and_object_id_together(begin, engine):
    link(begin)
    with begin() as work:
        assert work.teams.known(HOST, OBJECT) == work.register.person("helen")
        assert work.teams.known(HOME, OBJECT) is None
        assert work.teams.known(HOST, "somebody-else") is None
    with engine.connect() as db:
        assert known_by_teams(db, HOST, OBJECT).id == "helen"
        assert known_by_teams(db, HOME, OBJECT) is None


def test_who_has_left_is_not_known_any_more(begin):
    link(begin)
    with begin() as work:
        work.register.row("helen").active = False
        assert work.teams.known(HOST, OBJECT) is None, "also before the session has written it"


def test_a_person_has_an_identity_at_home_and_one_as_a_guest(begin):
    assert link(begin) == "new"
    assert link(begin, tenant=HOME, object="at-home") == "new"
    with begin() as work:
        assert work.teams.known(HOST, OBJECT) == work.teams.known(HOME, "at-home")


def test_linking_again_adds_nothing(begin):
    assert [link(begin) for _ in range(3)] == ["new", "known", "known"]
    assert len(identities(begin)) == 1


def test_an_identity_belongs_to_one_person(begin):
    link(begin)
    assert link(begin, person="cora", mri="29:cora") == "taken"
    [row] = identities(begin).values()
    assert (row.person_id, row.mri) == ("helen", "29:helen")


def test_of_many_who_claim_an_identity_at_once_one_gets_it(begin):
    ready = Barrier(6)

    def claim(n: int) -> str:
        ready.wait()
        return link(begin, person=("helen", "cora")[n % 2])

    with ThreadPoolExecutor(6) as threads:
        found = sorted(threads.map(claim, range(6)))
    assert found == ["known"] * 2 + ["new"] + ["taken"] * 3
    assert len(identities(begin)) == 1


def test_two_activities_of_a_new_conversation_at_once_keep_it_once(begin):
    ready = Barrier(4)

    def meet(_: int) -> None:
        ready.wait()
        save(begin, CHAT)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(meet, range(4)))
    with begin() as work:
        assert work.teams.personal("helen").id == CHAT.id


def test_what_changed_about_an_identity_is_kept_at_once_and_that_it_was_seen_by_the_hour(begin):
    link(begin)
    link(begin, at=LATER - timedelta(seconds=1))
    assert identities(begin)[HOST, OBJECT].seen_at == NOW
    link(begin, at=LATER)
    assert identities(begin)[HOST, OBJECT].seen_at == LATER
    link(begin, at=LATER, mri="29:renewed", is_guest=True)
    row = identities(begin)[HOST, OBJECT]
    assert (row.mri, row.is_guest) == ("29:renewed", True)


def test_a_conversation_comes_back_as_it_was_kept(begin):
    save(begin, CHAT, ROOM)
    with begin() as work:
        for met in (CHAT, ROOM):
            row = work.teams.conversation(met.id)
            kept = row.model_dump(exclude={"seen_at", "stopped", "unexpected"})
            assert Conversation(**kept | {"kind": Kind(row.kind)}) == met
            assert (row.seen_at, row.stopped) == (NOW, None)
        assert work.teams.conversation("a:nobody") is None


def test_within_the_hour_nothing_is_written(begin, engine):
    save(begin, CHAT)
    written: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(db, cursor, statement, values, context, many):
        if not statement.lstrip().startswith("SELECT"):
            written.append(statement)

    save(begin, CHAT, at=LATER - timedelta(seconds=1))
    assert written == []
    save(begin, CHAT, at=LATER)
    assert written
    with begin() as work:
        assert work.teams.conversation(CHAT.id).seen_at == LATER


def test_a_glance_tells_whether_there_is_anything_to_keep(begin, engine):
    def kept(met: Conversation, now: datetime) -> bool:
        with engine.connect() as db:
            return is_kept(db, met, now)

    assert not kept(CHAT, NOW)
    save(begin, CHAT)
    assert kept(CHAT, LATER - timedelta(seconds=1))
    assert not kept(CHAT, LATER)
    assert not kept(replace(CHAT, service_url="https://smba.trafficmanager.net/emea/"), NOW)
    stop(begin, CHAT.id, Stopped.UNINSTALLED)
    assert not kept(CHAT, NOW)


def test_a_conversation_that_moved_is_kept_where_it_is_now(begin):
    moved = replace(ROOM, service_url="https://smba.trafficmanager.net/emea/")
    save(begin, ROOM)
    save(begin, moved)
    with begin() as work:
        assert work.teams.conversation(ROOM.id).service_url == moved.service_url


def test_a_person_has_one_personal_conversation_in_a_tenant_and_the_newest_counts(begin):
    save(begin, CHAT, replace(CHAT, id="a:2helen"), replace(CHAT, id="a:cora", person_id="cora"))
    with begin() as work:
        assert work.teams.conversation("a:1helen") is None
        assert work.teams.personal("helen").id == "a:2helen"
        assert work.teams.personal("cora").id == "a:cora"


def test_the_database_holds_to_one_personal_conversation_too(begin):
    row = {"kind": "personal", "tenant": HOST, "service_url": "", "bot_id": "", "person_id": "helen"}
    with pytest.raises(IntegrityError), begin() as work:
        work.session.add_all(TeamsConversationRow(id=id, seen_at=NOW, **row) for id in ("one", "two"))


@pytest.mark.parametrize("wrong", [{"kind": "team"}, {"stopped": "tired"}, {"person_id": "helen"}])
def test_the_database_takes_no_kind_or_reason_that_nobody_knows(begin, wrong):
    row = {"kind": "channel", "tenant": HOST, "service_url": "", "bot_id": "", **wrong}
    with pytest.raises(IntegrityError), begin() as work:
        work.session.add(TeamsConversationRow(id="one", seen_at=NOW, **row))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("why", Stopped)
def test_it_takes_those_that_there_are(begin, kind, why):
    save(begin, replace(ROOM, kind=kind, person_id="helen" if kind == Kind.PERSONAL else None))
    assert stop(begin, ROOM.id, why)
    assert stopped(begin, ROOM.id) == why


def test_of_two_tenants_a_person_is_written_to_where_they_were_seen_last(begin):
    at_home = replace(CHAT, id="a:home", tenant=HOME)
    save(begin, CHAT, at=LATER)
    save(begin, at_home)
    with begin() as work:
        assert work.teams.personal("helen").id == CHAT.id
    save(begin, at_home, at=LATER + timedelta(hours=1))
    with begin() as work:
        assert work.teams.personal("helen").id == at_home.id


def test_nobody_is_written_to_where_the_app_was_taken_out(begin):
    at_home = replace(CHAT, id="a:home", tenant=HOME)
    save(begin, at_home)
    save(begin, CHAT, at=LATER)
    stop(begin, CHAT.id, Stopped.UNINSTALLED)
    with begin() as work:
        assert work.teams.personal("helen").id == at_home.id
    stop(begin, at_home.id, Stopped.UNINSTALLED)
    with begin() as work:
        assert work.teams.personal("helen") is None


def test_a_room_is_nobodys_personal_conversation(begin):
    save(begin, ROOM)
    with begin() as work:
        assert work.teams.personal("helen") is None


def test_once_something_comes_from_there_the_app_is_back(begin):
    save(begin, CHAT)
    stop(begin, CHAT.id, Stopped.UNINSTALLED)
    save(begin, CHAT)
    assert stopped(begin, CHAT.id) is None


@pytest.mark.parametrize("why", [Stopped.ROSTER_DIFFERS, Stopped.SHARED])
def test_what_was_stopped_for_its_readers_stays_so_until_somebody_confirms_them(begin, why):
    save(begin, ROOM)
    stop(begin, ROOM.id, why)
    save(begin, ROOM, at=LATER)
    assert stopped(begin, ROOM.id) == why
    stop(begin, ROOM.id, Stopped.UNINSTALLED)
    save(begin, ROOM, at=LATER)
    assert stopped(begin, ROOM.id) == why, "taking the app out and putting it in again confirms nothing"
    with begin() as work:
        assert work.teams.resume(ROOM.id)
    assert stopped(begin, ROOM.id) is None


def test_a_graver_reason_takes_the_place_of_a_lighter_one(begin):
    save(begin, ROOM)
    stop(begin, ROOM.id, Stopped.UNINSTALLED)
    stop(begin, ROOM.id, Stopped.SHARED)
    assert stopped(begin, ROOM.id) == "shared"


def test_what_was_never_met_cannot_be_stopped_or_resumed(begin):
    assert not stop(begin, "19:nowhere@thread.tacv2", Stopped.SHARED)
    with begin() as work:
        assert not work.teams.resume("19:nowhere@thread.tacv2")


def test_a_stop_is_seen_in_the_same_transaction(begin):
    with begin() as work:
        work.teams.save(CHAT, at=NOW)
        assert work.teams.personal("helen").stopped is None
        work.teams.stop(CHAT.id, Stopped.UNINSTALLED)
        assert work.teams.conversation(CHAT.id).stopped == "uninstalled"
        assert work.teams.personal("helen") is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: replace(CHAT, person_id=None),
        lambda: replace(ROOM, person_id="helen"),
        lambda: replace(ROOM, id="19:panel@thread.tacv2;messageid=1"),
    ],
    ids=["personal and nobody's", "a room and somebody's", "a thread"],
)
def test_what_is_no_conversation_cannot_be_described(wrong):
    with pytest.raises(ValueError, match=r"personal conversation|thread"):
        wrong()
