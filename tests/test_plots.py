"""The plots of a report: the same in words, legible, and without meaning by colour alone."""

from datetime import date

import pytest

from bot.domain.suppression import STAR, Figure
from bot.picture import EDGE, WIDTH, Box, Text, png, shown, svg
from bot.plots import alternative, drawn
from bot.views.reports import AgencyBar, Completion, Month, StageMonths, Timeliness

LONG = "The Adult Social Care Partnership of Aldermere and the Lower Vale with Outlying Parishes"


def months(*shares, many=1):
    return tuple(Month(first=date(2026, 1 + n * many, 1), met=met, many=many) for n, met in enumerate(shares))


TIMES = Timeliness(
    stages=(
        StageMonths(stage="Case discussion", months=months((80, 80), (96, 100), (0, 9), None)),
        StageMonths(stage="Conference", months=months((75, 75), None, many=3)),
    )
)
DONE = Completion(
    agencies=(
        AgencyBar(
            agency=LONG,
            done=Figure(205),
            not_done=Figure(None, STAR),
            overdue=Figure(15),
            going=Figure(None, "c"),
        ),
    )
)


def test_whoever_cannot_see_a_plot_has_every_number_of_it_in_words():
    """Share by share, agency by agency (S4-24)."""
    assert alternative(TIMES) == (
        "Share of deadlines met, over time. Case discussion: Jan 2026 about 80%, Feb 2026 96% or more,"
        " Mar 2026 9% or less, too few to show in 1 month. Conference: Jan-Mar 2026 about 75%,"
        " too few to show in 1 quarter."
    )
    assert alternative(DONE).endswith(f"{LONG}: done 205, not done *, overdue 15, running c.")


@pytest.mark.parametrize("plot", [TIMES, DONE, Timeliness(stages=()), Completion(agencies=())])
def test_nothing_written_runs_over_the_edge_and_nothing_is_too_small(plot):
    """At 375 pixels each is half as large: 20 is ten pixels there (IG-37 tables stand beside it)."""
    sheet = drawn(plot)
    for piece in sheet.pieces:
        if isinstance(piece, Text):
            wide = len(piece.words) * piece.size * 0.56
            left = piece.x - (wide / 2 if piece.anchor == "middle" else 0)
            assert piece.size >= 20
            assert left >= 0
            assert left + wide <= WIDTH + EDGE, piece.words
            assert piece.y < sheet.height
        if isinstance(piece, Box):
            assert piece.x + piece.width <= WIDTH


def test_each_state_has_a_pattern_of_its_own():
    """Not by colour alone."""
    kinds = {(piece.pattern, piece.fill) for piece in drawn(DONE).pieces if isinstance(piece, Box)}
    assert {pattern for pattern, _ in kinds} >= {"", "stripes", "dots"}


def test_the_same_figures_give_the_same_bytes():
    """So a report made again can be compared with the last one."""
    assert png(drawn(TIMES)) == png(drawn(TIMES))
    assert png(drawn(DONE))[:8] == b"\x89PNG\r\n\x1a\n"
    assert 'role="img"' in svg(drawn(DONE), alternative(DONE))


def test_an_empty_plot_says_that_it_is_empty():
    """Nothing to show is not a blank page."""
    assert "No deadline fell in this period." in shown(drawn(Timeliness(stages=())).pieces)
    assert "No action was due in this period." in shown(drawn(Completion(agencies=())).pieces)
