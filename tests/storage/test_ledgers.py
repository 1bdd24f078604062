"""The outbox, the inbox and the heartbeats, on both databases."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_message_is_owed_once_however_often_it_is_asked_for(begin):
    with begin() as work:
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is True
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is False
    with begin() as work:
        assert work.outbox.put("nudge:a:1", "nudge", {"action": "a"}, at=NOW) is False
        assert work.outbox.counts() == {"owed": 1}
