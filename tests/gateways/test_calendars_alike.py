"""Graph's calendars and Google's are one port: whoever books with one can book with the other."""

import inspect

import pytest

from bot.gateways.google import Google
from bot.gateways.graph import Graph


@pytest.mark.parametrize(
    "method",
    [
        "diaries",
        "create",
        "change",
        "cancel",
        "event",
        "listen",
        "listen_on",
        "stop_listening",
        "try_events",
        "close",
    ],
)
def test_each_method_is_asked_in_the_same_words_and_answers_the_same(method: str):
    assert inspect.signature(getattr(Google, method)) == inspect.signature(getattr(Graph, method))


def test_what_only_one_of_them_has_is_known():
    """Rooms need a scope that Google's app is not given; roles are Entra's; Graph names what has changed by itself."""

    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(Graph) - public(Google) == {"rooms", "roles"}
    assert public(Google) - public(Graph) == {"changes"}
