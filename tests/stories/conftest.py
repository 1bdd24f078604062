"""Which stories every change has to pass, and which are told by `make long`."""

from pathlib import Path

import pytest

ON_EVERY_CHANGE = {
    "test_a_crash_loses_nothing",
    "test_first_line",
    "test_information_shared",
    "test_somebody_leaves",
    "test_the_hoarding_case",
}
"""From the first concern to the closure, nothing lost and nothing let out. All the others go deeper at some place, and
take longer together than everything else that `make test` runs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other stories to `make long`."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.stem not in ON_EVERY_CHANGE:
            item.add_marker(pytest.mark.long)
