"""What nobody of Teams' can have sent: refused, counted, and nothing is changed by it."""

import json

from teams_side import TwoPlatforms
from town import at

START = at("2026-03-02 09:30")


async def test_a_stranger_is_refused_and_counted_by_the_running_program(sqlite_database):
    async with TwoPlatforms(sqlite_database.url, start=START) as town:
        world, helen = town.here.teams, town.teams.helen
        said = json.dumps(world.activities.message(helen.person, helen.chat, "refer")).encode()
        forged = world.issuer.mint(world.service_url, signing="rogue key")
        for token in (None, forged, forged):
            assert (await world.line.send(said, token)).status == 401
        counted = town.program.metrics.text().decode()
        assert 'convenor_teams_turned_away_total{reason="no bearer token"} 1.0' in counted
        assert 'convenor_teams_turned_away_total{reason="wrong signature"} 2.0' in counted
        assert helen.cards() == []
