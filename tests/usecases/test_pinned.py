"""A case stays under the pathway version it began with (design.md rule 3; model.md section 1, rule 5)."""

from dataclasses import replace

import pytest

from bot.demo import drill_practice
from bot.domain.errors import NotFound
from bot.pathways.reader import SHIPPED, read_earlier
from bot.storage.tables import ReferralRow


@pytest.fixture(scope="module")
def practice():
    return drill_practice()


def _pinned(version: str) -> ReferralRow:
    return ReferralRow(pathway="care-connect-marm", pathway_version=version)


def test_a_new_version_of_the_file_does_not_change_what_an_old_case_is_judged_by(practice):
    old = practice.pathways["care-connect-marm"]
    new = replace(old, version="2.0.0", ladder=())
    later = replace(
        practice,
        pathways={**practice.pathways, old.id: new},
        earlier={(old.id, old.version): old},
    )
    assert later.of(_pinned(old.version)) is old
    assert later.of(_pinned("2.0.0")) is new


def test_a_version_that_is_not_at_hand_is_named_and_never_guessed(practice):
    with pytest.raises(NotFound, match=r"version 0\.9\.0 of care-connect-marm"):
        practice.of(_pinned("0.9.0"))


def test_earlier_versions_are_read_from_their_own_folder_and_share_the_tools(tmp_path):
    (tmp_path / "versions").mkdir()
    (tmp_path / "tools").mkdir()
    for tool in (SHIPPED / "tools").glob("*.yml"):
        (tmp_path / "tools" / tool.name).write_text(tool.read_text())
    old = (SHIPPED / "southend-marat.yml").read_text()
    (tmp_path / "versions" / "southend-marat-0.9.0.yml").write_text(
        old.replace("version: 1.2.0", "version: 0.9.0", 1)
    )
    assert list(read_earlier(tmp_path)) == [("southend-marat", "0.9.0")]
