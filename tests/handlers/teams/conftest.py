"""The bot behind its door, in the stand-in for Teams."""

from collections.abc import AsyncIterator

import pytest
import teams_town
from teams_town import Town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with teams_town.town() as made:
        yield made
