"""How the suite is spread over workers (`make test`); what tests need stands in tests/conftest.py."""

from typing import Any

import pytest

FULL_WORLD = "tests/governance/"
"""What shares one full world, which takes seconds to build and press, and is to be built once."""

SELF_CONTAINED = (
    "test_access_matrix.py",
    "test_references.py",
    "test_crashes",
    "test_no_automatic_decision.py",
)
"""Its neighbours that do not."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each test by itself, as it comes; those that share something costly on one worker, begun first."""
    from xdist.scheduler import LoadScopeScheduling

    class Spread(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            alone = any(name in file for name in SELF_CONTAINED)
            return nodeid if alone or not file.startswith(FULL_WORLD) else "full world"

    return Spread(config, log)
