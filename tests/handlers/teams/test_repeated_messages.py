"""A message that Teams sends again is answered once; another one with the same words is another message."""

from test_dialogs import activity

from bot.handlers.teams.heard import Heard


def test_a_copy_is_known_by_its_conversation_and_its_id():
    heard = Heard()
    assert not heard.is_copy(activity(id="1"))
    assert heard.is_copy(activity(id="1"))
    assert not heard.is_copy(activity(id="2"))
    assert not heard.is_copy(activity(id="1", conversation="another"))


def test_only_the_newest_are_remembered():
    heard = Heard(most=2)
    for id in ("1", "2", "3"):
        assert not heard.is_copy(activity(id=id))
    assert heard.is_copy(activity(id="3"))
    assert not heard.is_copy(activity(id="1"))
