"""The area and pathways that the settings name, or why there are none."""

from bot.domain.area import Practice
from bot.pathways.area_file import read_area
from bot.pathways.reader import read_all, read_earlier
from bot.settings import Settings


class CannotStart(Exception):
    """Something outside keeps the bot from starting; the message says what, and what to do."""


def practice_of(settings: Settings) -> Practice:
    """The area and pathways that the settings name. Raises BadPathway, or CannotStart without an area file."""
    if settings.convenor_area is None or not settings.convenor_area.is_file():
        raise CannotStart(
            "CONVENOR_AREA must be the path of your area file (docs/area.example.yml shows one)"
        )
    pathways = read_all()
    area = read_area(settings.convenor_area, pathways)
    return Practice(area=area, pathways=pathways, earlier=read_earlier())
