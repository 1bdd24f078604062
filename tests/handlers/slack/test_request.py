"""The signed door reads a body as the standard library would, only sooner."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from bot.handlers.slack.request import DoorRequest, form_fields

FORM = Headers({"content-type": "application/x-www-form-urlencoded"})

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(texts, texts))
def test_every_form_is_read_as_the_standard_library_reads_it(form):
    body = urlencode(form)
    assert form_fields(body) == dict(parse_qsl(body, keep_blank_values=True)) == form


def test_a_field_given_twice_counts_as_it_was_given_last():
    assert form_fields("a=1&a=2&&b=") == {"a": "2", "b": ""}


@given(texts)
def test_a_press_is_read_from_its_payload(said):
    press = {"type": "block_actions", "said": said}
    assert DoorRequest(urlencode({"payload": json.dumps(press)}).encode(), FORM).body == press


def test_a_command_may_say_the_word_payload():
    asked = DoorRequest(b"command=%2Frefer&text=my+payload+is+heavy", FORM)
    assert asked.body == {"command": "/refer", "text": "my payload is heavy"}


@pytest.mark.parametrize("body", [b"payload=%5B1%5D", b"payload=hello", b"\xff\xfe", b"{", b"payload="])
def test_what_slack_would_never_send_is_refused(body):
    with pytest.raises(ValueError):  # noqa: PT011 - JSON, UTF-8 and ours are all of this kind
        DoorRequest(body, FORM)
