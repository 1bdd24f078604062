"""What a signed link says, and everything that is not one of ours (issue 4)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.links import FORM_LIVES, LONGEST, Links, Unusable

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINKS = Links("a key that nobody guesses", "https://convenor.aldermere.example")


def token(links: Links = LINKS, id: str = "k3v9action", person: str = "helen") -> str:
    return links.to("action", id, person, NOW).rpartition("/")[2]


def refused(token: str, now: datetime = NOW, links: Links = LINKS) -> str:
    with pytest.raises(Unusable) as why:
        links.read(token, now)
    return why.value.why


def test_a_link_names_one_thing_and_one_person():
    address = LINKS.to("invitation", "k3v9invitation", "helen", NOW)
    assert address.startswith("https://convenor.aldermere.example/answer/")
    assert len(address) < 250
    link = LINKS.read(address.rpartition("/")[2], NOW)
    assert (link.kind, link.id, link.person_id) == ("invitation", "k3v9invitation", "helen")


def test_a_link_ends_with_its_days():
    assert LINKS.read(token(), NOW + timedelta(days=13, hours=23)).until == NOW + timedelta(days=14)
    assert refused(token(), NOW + timedelta(days=14)) == "expired"
    assert (
        refused(token(Links("a key that nobody guesses", "https://x", days=1)), NOW + timedelta(days=1))
        == "expired"
    )


def test_whoever_changes_a_single_character_has_no_link():
    whole = token()
    for place in range(len(whole)):
        other = "A" if whole[place] != "A" else "B"
        changed = whole[:place] + other + whole[place + 1 :]
        try:
            read = LINKS.read(changed, NOW)
        except Unusable as no:
            assert no.why == "unknown"  # noqa: PT017 - the last character may hold bits that say nothing
        else:
            assert read.id == "k3v9action"
            assert place == len(whole) - 1


@pytest.mark.parametrize(
    "nonsense", ["", ".", "a.b.c", "é", "\x00", "x" * LONGEST, "x" * 100_000, "WyJhIl0.abc"]
)
def test_nonsense_is_no_link(nonsense: str):
    assert refused(nonsense) == "unknown"


def test_another_key_signs_nothing_for_us():
    assert refused(token(Links("another key altogether", "https://x"))) == "unknown"


def test_a_form_is_no_link_and_a_link_is_no_form():
    link = LINKS.read(token(), NOW)
    assert refused(LINKS.form(link, "done", NOW)) == "unknown"
    with pytest.raises(Unusable):
        LINKS.key_of(token(), link, "done", NOW)


def test_a_form_counts_as_one_command_however_often_it_is_sent():
    link = LINKS.read(token(), NOW)
    form = LINKS.form(link, "done", NOW)
    assert LINKS.key_of(form, link, "done", NOW) == LINKS.key_of(form, link, "done", NOW + timedelta(hours=1))
    assert LINKS.key_of(LINKS.form(link, "done", NOW), link, "done", NOW) != LINKS.key_of(
        form, link, "done", NOW
    )


def test_a_form_is_for_its_own_link_its_own_answer_and_its_own_day():
    link, other = LINKS.read(token(), NOW), LINKS.read(token(person="pete"), NOW)
    form = LINKS.form(link, "done", NOW)
    for to, choice, now in ((other, "done", NOW), (link, "cannot", NOW), (link, "done", NOW + FORM_LIVES)):
        with pytest.raises(Unusable, match="form"):
            LINKS.key_of(form, to, choice, now)
