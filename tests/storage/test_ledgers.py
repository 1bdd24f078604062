"""The outbox, the inbox, the heartbeats and the transaction itself, on both databases."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Denial, NotAllowed
from bot.storage.inbox import Overtaken
from bot.storage.tables import PersonRow
from bot.storage.transaction import transactions

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def at_once(how_many, what):
    """Run `what(n)` in so many threads that start together; the answers, and the errors in their place."""
    answers, gate = [None] * how_many, Barrier(how_many)

    def one(n):
        gate.wait()
        try:
            answers[n] = what(n)
        except Exception as error:
            answers[n] = error

    threads = [Thread(target=one, args=(n,)) for n in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_message_is_owed_once_however_often_it_is_asked_for(begin):
    with begin() as work:
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is True
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is False
    with begin() as work:
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is False
        assert work.outbox.counts() == {"owed": 1}


def test_eight_at_once_queue_a_message_once(begin):
    def ask(_):
        with begin() as work:
            return work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW)

    assert sorted(at_once(8, ask)) == [False] * 7 + [True]


def test_asking_again_for_an_old_edit_does_not_put_the_newest_aside(begin):
    with begin() as work:
        work.outbox.put("edit:1", "show", {}, at=NOW, collapse="list")
        work.outbox.put("edit:2", "show", {}, at=NOW, collapse="list")
        work.outbox.put("edit:1", "show", {}, at=NOW, collapse="list")
        assert work.outbox.by_key("edit:1").state == "replaced"
        assert work.outbox.by_key("edit:2").state == "owed"


def test_what_has_not_left_can_be_withdrawn(begin):
    with begin() as work:
        work.outbox.put("nudge:a:1", "nudge", {}, at=NOW)
        assert work.outbox.withdraw("nudge:a:1", at=NOW) is True
        assert work.outbox.withdraw("nudge:a:1", at=NOW) is False


@pytest.mark.parametrize("prose", ["Ms B", "She said no.\n", "x" * 201])
def test_prose_cannot_be_queued_or_recorded(begin, prose):
    """IG-02: a name or a sentence in a ledger row is a mistake, caught where it is made."""
    with begin() as work:
        with pytest.raises(ValueError, match="only ids"):
            work.outbox.put("k", "nudge", {"about": prose}, at=NOW)
        with pytest.raises(ValueError, match="only ids"):
            work.audit.write(stream="s", actor="p", verb="v", thing="t", facts={"said": prose}, at=NOW)


def test_how_long_the_oldest_message_has_been_waiting(begin):
    with begin() as work:
        assert work.outbox.oldest_owed(NOW) is None
        work.outbox.put("later", "nudge", {}, at=NOW + timedelta(hours=1))
        work.outbox.put("b", "nudge", {}, at=NOW - timedelta(minutes=5))
        work.outbox.put("a", "nudge", {}, at=NOW)
        assert work.outbox.oldest_owed(NOW) == NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    "change", ["state = 'lost'", "lane = 3", "state = 'trying'", "lease_until = '2026-01-01 00:00:00'"]
)
def test_the_database_itself_refuses_an_impossible_row(begin, raw, change):
    with begin() as work:
        work.outbox.put("k", "nudge", {}, at=NOW)
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        raw(f"UPDATE outbox SET {change}")


def test_a_command_is_answered_again_and_not_done_again(begin):
    with begin() as work:
        assert work.inbox.answer_to("slack:V1") is None
        work.inbox.remember("slack:V1", "CV-7K4QMX", at=NOW)
    with begin() as work:
        assert work.inbox.answer_to("slack:V1") == "CV-7K4QMX"


def test_of_eight_who_bring_the_same_command_at_once_one_does_it(begin):
    def handle(n):
        with begin() as work:
            if known := work.inbox.answer_to("slack:V1"):
                return known
            work.outbox.put(f"done:{n}", "nudge", {}, at=NOW)
            work.inbox.remember("slack:V1", f"done:{n}", at=NOW)
            return f"done:{n}"

    answers = at_once(8, handle)
    with begin() as work:
        winner = work.inbox.answer_to("slack:V1")
        assert work.outbox.counts() == {"owed": 1}
    assert all(answer == winner or isinstance(answer, Overtaken) for answer in answers)


def test_an_error_undoes_rows_audit_and_messages_together(begin):
    def breaks():
        with begin() as work:
            work.audit.write(stream="s", actor="p", verb="v", thing="t", facts={}, at=NOW)
            work.outbox.put("k", "nudge", {}, at=NOW)
            work.inbox.remember("c", "a", at=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        breaks()
    with begin() as work:
        assert (work.audit.latest("s"), work.outbox.counts(), work.inbox.answer_to("c")) == ([], {}, None)


def test_a_refused_access_undoes_the_work_but_leaves_its_trace(begin):
    """IG-29: every failed access is an event, although the transaction it failed in is undone."""
    trace = Denial(stream="CV-7K4QMX", actor="p1", verb="action.done", thing="action:1", at=NOW)

    def is_refused():
        with begin() as work:
            work.outbox.put("k", "nudge", {}, at=NOW)
            raise NotAllowed("not yours", trace)

    with pytest.raises(NotAllowed):
        is_refused()
    with begin() as work:
        [event] = work.audit.latest("CV-7K4QMX")
        assert (event.actor, event.verb, event.thing) == ("p1", "denied", "action:1")
        assert event.facts == '{"tried":"action.done"}'
        assert work.outbox.counts() == {}


def test_the_courier_is_told_only_after_the_commit(engine):
    told = []
    begin = transactions(engine, on_queued=lambda: told.append(1))
    with begin() as work:
        work.outbox.put("k", "nudge", {}, at=NOW)
        assert told == []
    assert told == [1]
    with begin() as work:
        work.outbox.put("k", "nudge", {}, at=NOW)
    assert told == [1]


def test_the_courier_is_not_told_of_what_was_undone(engine):
    told = []
    begin = transactions(engine, on_queued=lambda: told.append(1))

    def breaks():
        with begin() as work:
            work.outbox.put("k", "nudge", {}, at=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        breaks()
    assert told == []


def test_a_moment_comes_back_aware_and_in_utc(begin):
    with begin() as work:
        work.outbox.put("k", "nudge", {}, at=NOW)
    with begin() as work:
        assert work.outbox.by_key("k").not_before == NOW
        assert work.outbox.by_key("k").not_before.utcoffset() == timedelta(0)


def test_a_heartbeat_is_the_last_one(begin):
    with begin() as work:
        assert work.heartbeats.last("sweep") is None
        work.heartbeats.beat("sweep", at=NOW)
        work.heartbeats.beat("sweep", at=NOW + timedelta(minutes=1))
        assert work.heartbeats.last("sweep") == NOW + timedelta(minutes=1)


def test_a_reading_engine_cannot_write(database, begin):
    reader = database.connect_for_reading()
    reading = transactions(reader)
    with begin() as work:
        work.outbox.put("k", "nudge", {}, at=NOW)
    with reading() as work:
        assert work.outbox.counts() == {"owed": 1}
    with pytest.raises(Exception, match=r"(?i)read-?only"), reading() as work:
        work.outbox.put("l", "nudge", {}, at=NOW)
    reader.dispose()


def test_a_foreign_key_is_enforced(begin):
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), begin() as work:
        work.session.add(
            PersonRow(
                id="p", area="aldermere", agency_id="none", name="Invented", email="i@aldermere.example"
            )
        )
