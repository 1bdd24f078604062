"""The gate finds a name however it is wrapped; all names are invented (calendar.md section 7, IG-01)."""

import json
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.domain.errors import Undeliverable
from bot.gateways.gate import gate

unhurried = settings(deadline=None)  # a busy machine is no failure

NAMES = ["Jenny O'Wren-Ashby", "Zoë Li"]


def held_back(payload, names=NAMES, **but):
    with pytest.raises(Undeliverable) as held:
        gate(names, payload, **but)
    assert not {"wren", "jenny", "zoë"} & set(held.value.reason.lower().split())
    return True


def a_mail(text="Nothing here.", subject="Conference CV-7K4QMX", cte=None):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "a@x.example", "b@y.example", subject
    message.set_content(text, cte=cte)
    return message


def test_a_message_without_the_names_passes():
    gate(NAMES, a_mail().as_bytes())
    gate(NAMES, b"Jennyfer wrens o li")
    gate([], b"\xff not even text, but nobody to protect")


@pytest.mark.parametrize("cte", ["7bit", "quoted-printable", "base64"])
def test_a_name_is_found_under_every_transfer_encoding(cte):
    assert held_back(a_mail("about JENNY today", cte=cte).as_bytes())


def test_a_name_broken_by_a_soft_line_end_is_found():
    assert held_back(a_mail("x" * 72 + " Ashby", cte="quoted-printable").as_bytes())


def test_a_name_in_an_encoded_header_is_found():
    assert held_back(a_mail(subject="Zoë, at ten — naïve").as_bytes())


def test_accents_and_case_make_no_difference():
    assert held_back(b"about ZOE")
    assert held_back("zoe\u0308".encode())
    assert held_back(b"about jenny", names=["JÉNNY"])


def test_a_name_folded_over_two_calendar_lines_is_found():
    event = Event()
    event.add("description", "y" * 60 + " Ashby")
    calendar = Calendar()
    calendar.add_component(event)
    ics = calendar.to_ical()
    assert b"Ashby" not in ics
    assert held_back(ics)
    mail = a_mail()
    mail.add_attachment(ics, maintype="text", subtype="calendar")
    assert held_back(mail.as_bytes())


def test_a_name_in_json_is_found_behind_its_escapes():
    assert held_back(json.dumps({"body": [{"content": "Zoë"}]}).encode())
    assert held_back(json.dumps({"Jenny": 1}).encode())
    gate(NAMES, json.dumps({"subject": "Conference CV-7K4QMX"}).encode())


def test_what_cannot_be_read_does_not_leave():
    """The gate fails closed."""
    assert held_back(b"\xff\xfe")
    assert held_back(b"{not json")
    odd = a_mail().as_bytes().replace(b'charset="utf-8"', b'charset="x-unheard-of"')
    assert held_back(odd)


def test_an_address_shared_with_a_name_is_no_find_but_the_name_beside_it_is():
    known = ("t.ashby@fire.example",)
    gate(NAMES, b"to t.ashby@fire.example", known=known)
    assert held_back(b"to t.ashby@fire.example about Ashby", known=known)


@unhurried
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["7bit", "base64", "quoted-printable"]))
def test_a_name_is_found_among_any_other_words(before, after, cte):
    text = f"{before} Jenny {after}"
    mail = EmailMessage(policy=SMTP)
    mail["To"] = "b@y.example"
    mail.set_content(
        text.encode("utf-8", "replace"),
        maintype="text",
        subtype="plain",
        params={"charset": "utf-8"},
        cte="base64" if cte == "7bit" else cte,
    )
    assert held_back(mail.as_bytes())
