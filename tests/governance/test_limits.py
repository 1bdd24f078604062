"""Whatever the courier sends is something that Slack takes: longest names, fifty actions, every state (slack.md 6)."""

from leaving import Everything

from bot.local.blockkit import faults

SUBJECT_AT_MOST = 120
"""Characters of a subject that mail programs show on one line of a wide screen."""


def test_every_message_and_home_keeps_slacks_limits(left: Everything):
    refused = {
        f"{each}: {fault}"
        for each in left
        if each.way not in ("mail", "file")
        for fault in faults(each.payload, each.way)  # type: ignore[arg-type]
    }
    assert refused == set()


def test_every_message_says_something_where_blocks_are_not_shown(left: Everything):
    """Notifications, screen readers and old clients read `text` (slack.md section 6)."""
    assert [
        str(each) for each in left if each.way == "message" and len(each.payload["text"].strip()) < 10
    ] == []


def test_a_plan_of_fifty_actions_is_one_message_with_pages(left: Everything):
    texts = [str(each.payload) for each in left.left["action_list"] if each.way == "message"]
    assert any("Page 1 of 6" in text for text in texts)


def test_every_letter_has_a_subject_that_fits_on_a_line(left: Everything):
    subjects = [each.payload["Subject"] for each in left if each.way == "mail"]
    assert all(subjects)
    assert [subject for subject in subjects if len(subject) > SUBJECT_AT_MOST] == []


def test_no_letter_carries_marks_that_only_chat_understands(left: Everything):
    marks = ("<!date", "&amp;", "&lt;", "<@U")
    letters = [(str(each), str(each.payload["parts"])) for each in left if each.way == "mail"]
    assert [name for name, text in letters if any(mark in text for mark in marks)] == []
