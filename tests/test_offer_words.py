"""The card of times found has words for every code that the slot search can give."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.slots import Kind, NoRoom, Reason, Why
from bot.marks import CHANNELS
from bot.render import Render
from bot.views.meeting import Absent, GiveWay, Offer, Offered

PICTURE = "https://convenor.example/times/token"
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def render() -> Render:
    return Render()


def offered(**but: object) -> Offered:
    usual = {
        "id": "option",
        "starts_at": AT,
        "ends_at": AT + timedelta(hours=1),
        "fits": True,
        "attending": ("Police",),
        "deputies": (),
        "tentative": (),
        "absent": (),
        "chair": "",
        "chair_missing": "",
        "quorum_short": 0,
        "types_short": (),
        "working_days": None,
        "reasons": (),
    }
    return Offered(**{**usual, **but})


def card(render: Render, channel: str, option: Offered, way: GiveWay | None = None) -> str:
    offer = Offer(
        meeting_id="meeting",
        stage="Conference",
        ref="CV-7K4QMX",
        minutes=60,
        deadline=None,
        options=(option,),
        nothing_fits=way is not None,
        give_way=way,
        also=(),
        not_known=(),
        known_from=(),
        moving=False,
    )
    return json.dumps(render.shape(channel, "offer", view=offer, picture=PICTURE, private_metadata="{}"))


@pytest.mark.parametrize("channel", sorted({"slack", "teams"} & CHANNELS.keys()))
@pytest.mark.parametrize("why", Why)
def test_why_an_agency_would_miss_it_is_told_whatever_the_cause(render: Render, channel: str, why: Why):
    told = card(render, channel, offered(absent=(Absent(agency="Housing", why=why.value, required=True),)))
    assert "Would miss it" in told
    assert "Housing" in told


@pytest.mark.parametrize("channel", sorted({"slack", "teams"} & CHANNELS.keys()))
@pytest.mark.parametrize("kind", Kind)
def test_every_way_out_is_told_in_words(render: Render, channel: str, kind: Kind):
    way = GiveWay(
        kind=kind.value,
        starts_at=AT,
        agencies=("Housing",),
        people=("Hal Birch",),
        minutes=45,
        working_days_late=2,
    )
    assert "3 Mar" in card(render, channel, offered(fits=False), way)


def test_the_room_and_who_takes_the_minutes_are_told(render: Render):
    told = card(render, "slack", offered(room="Committee room 2", minutes="Hal Birch"))
    assert "Room: Committee room 2." in told
    assert "Minutes: Hal Birch." in told
    without = (Reason.NO_ROOM.value, Reason.NO_MINUTE_TAKER.value)
    lacking = card(render, "slack", offered(reasons=without, room_missing=NoRoom.TAKEN.value))
    assert "No room is free: it would be a meeting online." in lacking
    assert "Nobody named for the minutes can come." in lacking
    assert "Room:" not in lacking


@pytest.mark.parametrize("channel", sorted({"slack", "teams"} & CHANNELS.keys()))
@pytest.mark.parametrize("why", NoRoom)
def test_why_there_is_no_room_is_told_and_that_it_would_be_online(render: Render, channel: str, why: NoRoom):
    told = card(render, channel, offered(fits=False, room_missing=why.value))
    assert "it would be a meeting online." in told
    assert "It will be online, without a room." in told
    assert "Some who must come cannot" not in told


@pytest.mark.parametrize("channel", ["slack", "teams"])
def test_the_picture_is_one_press_away_and_its_page_too_where_pages_are_served(
    render: Render, channel: str, monkeypatch: pytest.MonkeyPatch
):
    assert PICTURE in card(render, channel, offered())
    monkeypatch.setattr("test_offer_words.PICTURE", "")
    without = card(render, channel, offered())
    assert "Show as a picture" in without
    assert "Open the picture as a page" not in without
