"""Words once, shapes per channel, and nothing that a person typed can break either."""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.local.blockkit import faults
from bot.marks import CHANNELS, Marked, SlackMarks, fits, pieces
from bot.render import BadTemplate, Render, Words
from bot.telling import LONDON, ago, clock, count, day, moment, span

SLACK = CHANNELS["slack"]
NASTY = 'Jo "the <!channel>" & {{ 7 * 7 }} \\ ]}, {"type": "divider"} \u2028 <@U0ADA|Ada> </script>'


@pytest.fixture(scope="module")
def render() -> Render:
    render = Render()
    render.warm()
    return render


def words(headline: str = "A headline", *paragraphs: str) -> Words:
    return Words(headline=headline, paragraphs=paragraphs, text="\n\n".join((headline, *paragraphs)))


@pytest.fixture
def own(tmp_path: Path):
    """Templates of this test's own."""

    def render(**files: str) -> Render:
        for name, text in files.items():
            path = tmp_path / (
                name.replace("__", "/") + (".txt.j2" if name.startswith("words") else ".json.j2")
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Render(tmp_path)

    return render


def test_the_first_line_is_the_headline_and_blank_lines_part_paragraphs(own):
    said = own(
        words__late="{{ ref }} was due\n\nFirst\nsecond line.\n{% if more %}\n\n{{ more }}\n{% endif %}\n"
    ).words("late", ref="CV-7K4QMX/2", more="Again")
    assert said.headline == "CV-7K4QMX/2 was due"
    assert said.paragraphs == ("First\nsecond line.", "Again")
    assert said.text == "CV-7K4QMX/2 was due\n\nFirst\nsecond line.\n\nAgain"


def test_a_wordless_template_is_a_fault(own):
    with pytest.raises(BadTemplate, match=r"words/quiet\.txt\.j2"):
        own(words__quiet="{# nothing #}\n").words("quiet")


def test_what_a_template_needs_it_must_be_given(own):
    templates = own(words__late="{{ ref }}", cards__late='{"text": {{ ref }}}')
    with pytest.raises(UndefinedError):
        templates.words("late")
    with pytest.raises(UndefinedError):
        templates.shape("slack", "late")


@pytest.mark.parametrize("value", [None, date(2026, 4, 2), ["a"], True])
def test_only_text_and_numbers_are_words(value, own):
    """A bare date or an absent reason would otherwise be printed as Python sees it."""
    with pytest.raises(TypeError, match="where words belong"):
        own(words__late="{{ value }}").words("late", value=value)


@pytest.mark.parametrize("text", ['{"text": {{ value }},}', "[1]", ""])
def test_a_shape_that_is_not_json_is_named_and_its_values_are_not(text, own):
    with pytest.raises(BadTemplate, match=r"late\.json\.j2, drawn for slack") as fault:
        own(cards__late=text).shape("slack", "late", value="Ms B of Mill Lane")
    assert "Mill Lane" not in str(fault.value)


def test_an_answer_cannot_break_the_payload_or_page_the_channel(render):
    message = render.shape(
        "slack",
        "message",
        words=words(NASTY, NASTY),
        fields=[(NASTY, NASTY)],
        context=NASTY,
        buttons=[{"text": NASTY[:75], "verb": "go", "value": NASTY}],
    )
    assert faults(message, "message") == []
    assert "<!channel>" not in json.dumps(
        [block for block in message["blocks"] if block["type"] == "section"]
    )
    assert "<!channel>" not in message["text"]
    assert message["blocks"][-2]["elements"][0]["value"] == NASTY


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("who", "A &lt;!channel&gt; &amp; B"),
        ("who|said", "A &lt;!channel&gt; &amp; B"),
        ("who|strong", "*A &lt;!channel&gt; &amp; B*"),
        ("who|said|soft", "_A &lt;!channel&gt; &amp; B_"),
        ("ref|strong ~ ' ' ~ who", "*CV-1* A &lt;!channel&gt; &amp; B"),
        ("who ~ at|when('time') ~ 3", "A &lt;!channel&gt; &amp; B<!date^0^{time}|01:00>3"),
        ("'Head <'|strong ~ '>'", "*Head &lt;*&gt;"),  # constants alone, which jinja would join by itself
        ("('Head <'|strong ~ '>')|fits(30)", "*Head &lt;*&gt;"),
        ("[ref|strong, who]|join('\n')", "*CV-1*\nA &lt;!channel&gt; &amp; B"),
        ("[ref, who]|join(', ')", "CV-1, A &lt;!channel&gt; &amp; B"),
        ("[at]|map('when', 'time')|join ~ who", "<!date^0^{time}|01:00>A &lt;!channel&gt; &amp; B"),
        ("[]|join(', ')", ""),
    ],
)  # fmt: skip
def test_marked_text_and_what_people_wrote_can_be_joined_in_one_way_only(written, shown, own):
    """Each is escaped once, whatever it is joined with, and nothing marked is escaped again."""
    draw = '{% macro piece(text) %}{"text": {{ text|said }}}{% endmacro %}'
    card = '{% from "draw.json.j2" import piece %}{{ piece(' + written + ") }}"
    at = datetime(1970, 1, 1, tzinfo=UTC)
    templates = own(slack__draw=draw, cards__late=card)
    assert templates.shape("slack", "late", who="A <!channel> & B", ref="CV-1", at=at) == {"text": shown}


def test_what_is_missing_is_missed_when_it_is_joined(own):
    with pytest.raises(UndefinedError):
        own(cards__late='{"text": {{ "Due " ~ due }}}').shape("slack", "late")


class OtherMarks(SlackMarks):
    """Another channel, which marks up with two stars."""

    def strong(self, value: object) -> Marked:
        return Marked(f"**{self.said(value)}**")


def test_a_card_is_written_once_and_drawn_by_each_channel(own, tmp_path, monkeypatch):
    """Neither channel takes the other's pieces, nor what was compiled of them before a restart."""
    monkeypatch.setitem(CHANNELS, "other", OtherMarks())
    folder = own(
        cards__late='{% extends "frames/message.json.j2" %}{% from "pieces.json.j2" import line %}'
        "{% block body %}{{ line('Late'|strong ~ ' ' ~ ref) }}{% endblock %}",
        cards__own='{"shared": true}',
        other__own='{"own": true}',
        slack__frames__message='{"blocks": [{% filter listed %}{% block body %}{% endblock %}{% endfilter %}]}',
        other__frames__message='{"body": [{% filter listed %}{% block body %}{% endblock %}{% endfilter %}]}',
        slack__pieces='{% macro line(text) %}{"mrkdwn": {{ text|said }}},{% endmacro %}',
        other__pieces='{% macro line(text) %}{"text": {{ text|said }}},{% endmacro %}',
    ).templates
    for _start in range(2):
        render = Render(folder, compiled=tmp_path / "compiled")
        render.warm()
        for channel in ("slack", "other") if _start else ("other", "slack"):
            drawn = render.shape(channel, "late", ref="CV-1")
            assert (
                drawn
                == {
                    "slack": {"blocks": [{"mrkdwn": "*Late* CV-1"}]},
                    "other": {"body": [{"text": "**Late** CV-1"}]},
                }[channel]
            )
        assert render.shape("slack", "own") == {"shared": True}
        assert render.shape("other", "own") == {"own": True}
    with pytest.raises(KeyError):
        render.shape("nowhere", "late", ref="CV-1")


@pytest.mark.parametrize("card", sorted(Render().templates.glob("cards/*.j2")), ids=lambda path: path.name)
def test_no_card_says_how_a_channel_draws_it(card):
    """A card is for every channel: nothing of Slack's JSON, and of no channel's marks."""
    text = re.sub(r"\{#.*?#\}", "", card.read_text(), flags=re.DOTALL)
    for sign in ('"type":', "mrkdwn", "plain_text", "action_id", "block_id", "<!", '"blocks"', '"body"'):
        assert sign not in text
    written = [
        said for said in re.findall(r'"([^"]*)"', text) if re.search(r"(^|\W)[*_]\w|\w[*_](\W|$)|`", said)
    ]
    assert written == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_draws_whatever_a_card_asks_for(channel):
    folder = Render().templates
    for card in folder.glob("cards/*.j2"):
        for file, names in re.findall(r'{% from "(.+?)" import (.+?) %}', card.read_text()):
            drawn = folder / channel / file
            drawn = drawn if drawn.exists() else folder / "cards" / file
            given = set(re.findall(r"{% macro (\w+)\(", drawn.read_text()))
            given |= set(re.findall(r"\w+", " ".join(re.findall(r"{% set ([\w, ]+) =", drawn.read_text()))))
            assert {name.split()[0] for name in names.split(", ")} <= given, (card.name, file)


def test_nothing_long_is_lost(render):
    """A header over 150 characters and a paragraph over 3,000 go to where there is room."""
    headline, body = "Long " * 60 + "end", "word & " * 900
    message = render.shape("slack", "message", words=words(headline.strip(), body.strip()))
    assert faults(message, "message") == []
    assert message["text"] == headline.strip()
    shown = " ".join(block["text"]["text"] for block in message["blocks"])
    assert shown.count("word") == 900
    assert headline.strip() in shown


def test_every_base_shape_is_one_that_slack_takes(render):
    said = words("A headline", "One.", "Two.")
    ten = [{"text": f"Button {n}", "verb": f"go:{n}", "value": "a", "style": "danger"} for n in range(10)]
    sure = {
        "text": "Go",
        "verb": "go",
        "confirm": {"title": "Sure?", "text": "Really?", "yes": "Yes", "no": "No"},
    }
    message = render.shape(
        "slack", "message", words=said, fields=[("Due", "today")] * 12, buttons=[*ten, sure]
    )
    modal = {"words": said, "title": "A window", "callback_id": "x", "private_metadata": '{"case":"a"}'}
    assert faults(message, "message") == []
    assert faults(render.shape("slack", "modal", **modal, submit="Send", notify_on_close=True), "modal") == []
    assert faults(render.shape("slack", "notice", words=said), "modal") == []
    assert faults(render.shape("slack", "notice_home", words=said), "home") == []


def test_immediate_danger_is_shown_before_anything_else(render):
    """T01, S3-17: the card says what the pathway says, and the form waits for the reader."""
    emergency = {"headline": "Call 999 now", "text": "Do not use this form for an emergency."}
    card = render.shape(
        "slack",
        "danger",
        words=render.words("danger", emergency=emergency),
        callback_id="refer",
        private_metadata='{"draft":"d1"}',
    )
    assert faults(card, "modal") == []
    assert card["blocks"][0]["text"]["text"] == "Call 999 now"
    assert (card["callback_id"], card["submit"]["text"]) == ("refer", "Carry on")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 4, 2), "Thu 2 Apr 2026"),
        (datetime(2026, 4, 2, 23, 30, tzinfo=UTC), "Fri 3 Apr 2026"),  # London is an hour ahead in summer
        (datetime(2026, 1, 2, 23, 30, tzinfo=UTC), "Fri 2 Jan 2026"),
    ],
)
def test_a_day_is_londons_day(value, shown):
    assert day(value) == shown


def test_a_moment_is_londons_clock():
    assert moment(datetime(2026, 4, 2, 13, 30, tzinfo=UTC)) == "Thu 2 Apr 2026, 14:30"
    assert moment(datetime(2026, 12, 2, 13, 30, tzinfo=UTC)) == "Wed 2 Dec 2026, 13:30"
    assert clock(datetime(2026, 4, 2, 13, 30, tzinfo=timezone(timedelta(hours=2)))) == "12:30"


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2026-03-03T10:00", "2026-03-03T12:00", "Tue 3 Mar 2026, 10:00 to 12:00"),
        ("2026-03-03T16:00", "2026-03-04T09:30", "Tue 3 Mar 2026, 16:00 to Wed 4 Mar 2026, 09:30"),
        ("2026-03-03T00:00", "2026-03-04T00:00", "Tue 3 Mar 2026, all day"),
        ("2026-03-27T00:00", "2026-03-31T00:00", "Fri 27 Mar 2026 to Mon 30 Mar 2026"),  # the clocks change
        ("2026-03-03T13:00", "2026-03-04T00:00", "Tue 3 Mar 2026, 13:00 to Wed 4 Mar 2026, 00:00"),
    ],
)
def test_a_span_is_told_once_a_day_and_whole_days_without_midnights(starts, ends, said):
    assert span(_in_london(starts), _in_london(ends)) == said


def _in_london(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=LONDON).astimezone(UTC)


def test_a_moment_without_a_zone_cannot_be_shown():
    with pytest.raises(ValueError, match="without a zone"):
        moment(datetime(2026, 4, 2, 13, 30))  # noqa: DTZ001


def test_slack_shows_a_moment_in_the_readers_zone_and_london_where_it_cannot():
    at = datetime(2026, 4, 2, 13, 30, tzinfo=UTC)
    shown = SLACK.when(at)
    assert shown == "<!date^1775136600^{date_long_pretty}, {time}|Thu 2 Apr 2026, 14:30>"
    assert SLACK.when(at, "time") == "<!date^1775136600^{time}|14:30>"
    assert SLACK.said(shown) == shown


def test_numbers_take_their_noun():
    assert [count(n, "working day") for n in (0, 1, 2)] == [
        "0 working days",
        "1 working day",
        "2 working days",
    ]
    assert count(2, "agency", "agencies") == "2 agencies"


@pytest.mark.parametrize(
    ("gone", "said"),
    [(timedelta(seconds=5), "0 minutes"), (timedelta(minutes=1), "1 minute"), (timedelta(minutes=119), "1 hour"),
     (timedelta(hours=47), "1 day"), (timedelta(days=9), "9 days"), (-timedelta(hours=1), "0 minutes")],
)  # fmt: skip
def test_how_long_ago(gone, said):
    now = datetime(2026, 4, 2, 13, 30, tzinfo=UTC)
    assert ago(now - gone, now) == said


def test_display_text_is_cut_with_an_ellipsis():
    assert fits("short", 75) == "short"
    assert fits("x" * 76, 75) == "x" * 74 + "…"
    marked = fits(SLACK.said("&" * 20), 75)
    assert type(marked) is Marked
    assert marked == "&amp;" * 14 + "…"


def test_pieces_never_part_an_escaped_character():
    text = SLACK.said("&" * 2000)
    parts = pieces(text, 3000)
    assert "".join(parts) == text
    assert all(len(part) <= 3000 and part.endswith(";") and part.startswith("&") for part in parts)


def test_compiled_templates_outlive_a_restart_and_follow_an_edit(tmp_path, own):
    first = own(words__late="Late").templates
    assert Render(first, compiled=tmp_path / "compiled").words("late").text == "Late"
    assert list((tmp_path / "compiled").iterdir())
    assert Render(first, compiled=tmp_path / "compiled").words("late").text == "Late"
    (first / "words" / "late.txt.j2").write_text("Later")
    assert Render(first, compiled=tmp_path / "compiled").words("late").text == "Later"
