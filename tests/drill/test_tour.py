"""The guided tour plays Ms B's story to its end, through the real bot (issue 2, The local workspace)."""

from datetime import UTC, datetime, timedelta

from bot.courier.pacing import Backoff, Pacing
from bot.demo import LocalWorkspace
from bot.drill.tour import tour


async def test_the_tour_leads_from_a_concern_to_a_closed_case(sqlite_database):
    here = LocalWorkspace(
        database_url=sqlite_database.url,
        start=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        pacing=Pacing(rests={}),
        backoff=Backoff(first=timedelta(milliseconds=20), jitter=lambda: 1.0),
    )
    await here.open()
    try:
        ref = await tour(here.world, here.settled, pace=0)
    finally:
        await here.close()
    assert ref
