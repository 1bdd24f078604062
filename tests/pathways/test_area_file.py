"""An area file that would fail somebody later is refused at the start; rooms are in Slack, in Teams, or in both."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.area import Area
from bot.domain.people import Agency
from bot.pathways.area_file import read_area
from bot.pathways.faults import BadPathway
from bot.pathways.reader import read_all

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "area.example.yml"
SLACK = """\
rooms:
  triage: C0123456781
  board: C0123456782
  care-connect-marm: C0123456783
  southend-marat: C0123456784
"""
TEAMS = """\
teams:
  tenants: [7F3A2C10-0D5B-4C43-9A3E-5D0C5BE1A111, 0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222]
  rooms:
    triage: 19:triage@thread.tacv2
    board: 19:board@thread.tacv2
    care-connect-marm: 19:marm_meeting@thread.v2
    southend-marat: 19:marat@thread.skype
"""
NAMES = {"triage", "board", "care-connect-marm", "southend-marat"}


@pytest.fixture(scope="module")
def pathways():
    return read_all()


@pytest.fixture
def area(tmp_path, pathways):
    """`area(rooms)`: the example, its rooms as they stand here."""
    example = EXAMPLE.read_text(encoding="utf-8")
    assert example.count(SLACK) == 1

    def read(rooms: str) -> Area:
        (tmp_path / "area.yml").write_text(example.replace(SLACK, rooms), encoding="utf-8")
        return read_area(tmp_path / "area.yml", pathways)

    return read


@pytest.fixture
def faults(area, tmp_path):
    """`faults(rooms)`: what is wrong, each with its path, the text of its line and the reason."""

    def told(rooms: str) -> list[tuple[str, str, str]]:
        with pytest.raises(BadPathway) as refused:
            area(rooms)
        lines = (tmp_path / "area.yml").read_text(encoding="utf-8").splitlines()
        return [(each.path, lines[each.line - 1].strip(), each.reason) for each in refused.value.faults]

    return told


def test_an_area_without_teams_has_none(area):
    found = area(SLACK)
    assert (found.teams_tenants, dict(found.teams_rooms)) == (frozenset(), {})


def test_an_area_may_have_its_rooms_in_both(area):
    found = area(SLACK + TEAMS)
    assert set(found.rooms) == set(found.teams_rooms) == NAMES
    assert found.teams_rooms["triage"] == "19:triage@thread.tacv2"


def test_tenants_are_kept_as_teams_writes_them(area):
    assert area(SLACK + TEAMS).teams_tenants == {
        "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111",
        "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222",
    }


@pytest.mark.parametrize("slack", ["", "rooms: {}\n"])
def test_an_area_needs_no_room_in_slack(area, slack):
    found = area(slack + TEAMS)
    assert dict(found.rooms) == {}
    assert set(found.teams_rooms) == NAMES


def test_some_rooms_may_be_in_slack_and_the_others_in_teams(area):
    slack = SLACK.replace("  triage: C0123456781\n", "")
    teams = "".join(line for line in TEAMS.splitlines(True) if "19:" not in line or "triage" in line)
    found = area(slack + teams)
    assert (set(found.rooms), set(found.teams_rooms)) == (NAMES - {"triage"}, {"triage"})


def test_tenants_alone_will_do_where_slack_has_the_rooms(area):
    assert dict(area(SLACK + TEAMS.partition("  rooms")[0]).teams_rooms) == {}


def test_a_room_that_is_in_neither_is_named(faults):
    slack = SLACK.replace("  triage: C0123456781\n", "").replace("C0123456782", '""')
    teams = "".join(line for line in TEAMS.splitlines(True) if "triage" not in line and "board" not in line)
    assert [(path, reason) for path, _, reason in faults(slack + teams)] == [
        (
            "rooms.triage",
            "give the channel id for “triage”, such as C0123456789, or its conversation in `teams`",
        ),
        (
            "rooms.board",
            "give the channel id for “board”, such as C0123456789, or its conversation in `teams`",
        ),
    ]


def test_without_any_rooms_each_is_named(faults):
    assert {path for path, _, _ in faults("")} == {f"rooms.{name}" for name in NAMES}


@pytest.mark.parametrize("section", ["teams:\n", "teams: {}\n", "teams:\n  tenants: []\n"])
def test_a_teams_section_names_a_tenant(faults, section):
    [(path, line, reason)] = faults(SLACK + section)
    assert path == "teams.tenants"
    assert line in section
    assert reason.startswith("name at least one tenant")


@pytest.mark.parametrize("wrong", ["exampleshire.onmicrosoft.com", "0b9e4d52-6f0a-4a2e-8b1c", '"7"'])
def test_a_tenant_is_named_by_its_id(faults, wrong):
    [(path, line, reason)] = faults(SLACK + f"teams:\n  tenants:\n    - {wrong}\n")
    assert (path, line) == ("teams.tenants.0", f"- {wrong}")
    assert "such as 01234567-89ab-cdef-0123-456789abcdef" in reason


def test_a_room_that_nobody_knows_is_refused_with_those_there_are(faults):
    [(path, line, reason)] = faults(SLACK + TEAMS + "    canteen: 19:canteen@thread.tacv2\n")
    assert (path, line) == ("teams.rooms.canteen", "canteen: 19:canteen@thread.tacv2")
    assert reason == "no room “canteen”; there are: triage, board, care-connect-marm, southend-marat"


@pytest.mark.parametrize(
    "wrong",
    [
        "C0123456789",
        '""',
        "19%3atriage%40thread.tacv2",
        "19:triage@thread.tacv2;messageid=1",
        "a:1somebody",
        "https://teams.microsoft.com/l/channel/19%3atriage%40thread.tacv2/Triage",
    ],
)
def test_a_room_in_teams_is_named_by_its_conversation(faults, wrong):
    [(path, line, reason)] = faults(SLACK + TEAMS.replace("19:triage@thread.tacv2", wrong))
    assert (path, line) == ("teams.rooms.triage", f"triage: {wrong}")
    assert "such as 19:…@thread.tacv2" in reason


def test_a_typing_slip_in_the_section_is_refused(faults):
    [(path, line, _)] = faults(SLACK + TEAMS.replace("tenants", "tennants"))
    assert (path, line.partition(":")[0]) == ("teams.tennants", "tennants")


def test_the_example_shows_a_section_that_can_be_used(area):
    """It stands there as a comment."""
    lines = EXAMPLE.read_text(encoding="utf-8").partition("# teams:\n")[2].partition("\n\n")[0]
    section = "teams:\n" + "".join(f"{line.removeprefix('# ')}\n" for line in lines.splitlines())
    assert set(area(SLACK + section).teams_rooms) == {"triage"}


DIARIES = "diaries:\n  graph: [Exampleshire.example, nhs.exampleshire.example]\n  google: [charity.example]\n"


def test_diaries_are_found_by_what_stands_behind_the_at(area):
    found = area(SLACK + DIARIES)
    assert found.diary_of("Tom@EXAMPLESHIRE.example") == "graph"
    assert found.diary_of("jo@charity.example") == "google"
    assert found.diary_of("jo@elsewhere.example") == ""
    assert area(SLACK).diaries == {}


def test_a_domain_that_is_none_and_one_that_is_named_twice_are_faults(faults):
    graph = "  graph:\n    - tom@exampleshire.example\n    - charity.example\n"
    assert faults(f"{SLACK}diaries:\n{graph}  google:\n    - charity.example\n") == [
        (
            "diaries.graph.0",
            "- tom@exampleshire.example",
            "give what stands behind the @, such as exampleshire.example",
        ),
        (
            "diaries.google.0",
            "- charity.example",
            "“charity.example” is named twice: its diaries are in one place only",
        ),
    ]


CLOSURES = "agency_closures:\n  housing: [2026-12-24]\n  exampleshire-police: [2026-11-11, 2026-11-12]\n"
GAP = "gap_minutes: 0\n"


@pytest.fixture
def changed(tmp_path, pathways):
    """`changed(before, after)`: the example with one part of it written otherwise."""

    def read(before: str, after: str) -> Area:
        example = EXAMPLE.read_text(encoding="utf-8")
        assert example.count(before) == 1
        (tmp_path / "area.yml").write_text(example.replace(before, after), encoding="utf-8")
        return read_area(tmp_path / "area.yml", pathways)

    return read


@pytest.fixture
def refused(changed, tmp_path):
    """`refused(before, after)`: what is then wrong, each with its path, the text of its line and the reason."""

    def told(before: str, after: str) -> list[tuple[str, str, str]]:
        with pytest.raises(BadPathway) as bad:
            changed(before, after)
        lines = (tmp_path / "area.yml").read_text(encoding="utf-8").splitlines()
        return [(each.path, lines[each.line - 1].strip(), each.reason) for each in bad.value.faults]

    return told


def test_an_agencys_closure_days_go_by_its_slug_and_by_its_type(area):
    found = area(SLACK)
    police = Agency(id="1", area="exampleshire", slug="exampleshire-police", name="Police", type="police")
    homes = Agency(id="2", area="exampleshire", slug="homes", name="Homes", type="housing")
    fire = Agency(id="3", area="exampleshire", slug="fire", name="Fire", type="fire")
    assert found.closed_days(police) == {date(2026, 11, 11), date(2026, 11, 12)}
    assert found.closed_days(homes) == {date(2026, 12, 24)}
    assert found.closed_days(fire) == frozenset()


def test_no_closure_days_and_no_gap_are_the_rule(changed):
    assert changed(CLOSURES, "").agency_closures == {}
    assert changed(CLOSURES, "agency_closures:\n").agency_closures == {}
    assert changed(GAP, "").gap == timedelta()
    assert changed(GAP, "gap_minutes: 15\n").gap == timedelta(minutes=15)


def test_closure_days_of_no_agency_and_without_a_date_are_faults(refused):
    found = refused(CLOSURES, "agency_closures:\n  Exampleshire Police: [2026-11-11]\n  housing: []\n")
    assert [(path, line) for path, line, _ in found] == [
        ("agency_closures.Exampleshire Police", "Exampleshire Police: [2026-11-11]"),
        ("agency_closures.housing", "housing: []"),
    ]
    assert "such as police, or its name in lower case with hyphens" in found[0][2]
    assert "such as [2026-12-24]" in found[1][2]


def test_a_closure_day_that_is_no_date_is_a_fault_on_its_line(refused):
    [(path, line, _)] = refused(CLOSURES, "agency_closures:\n  housing:\n    - 24 December\n")
    assert (path, line) == ("agency_closures.housing.0", "- 24 December")


@pytest.mark.parametrize("wrong", ["-5", "241"])
def test_a_gap_is_some_minutes_of_a_day(refused, wrong):
    assert refused(GAP, f"gap_minutes: {wrong}\n") == [
        ("gap_minutes", f"gap_minutes: {wrong}", "give whole minutes, from 0 to 240")
    ]


VENUES = (
    "venues:\n"
    "  - {name: Willow Room, address: willow@exampleshire.example, seats: 12, wheelchair: true, step_free: true}\n"
    "  - {name: Ash Room, seats: 6}\n"
)
TRAVEL = "travel_minutes: 30\n"


def test_rooms_are_read_with_what_people_need_to_know_of_them(area):
    found = area(SLACK)
    assert [(each.name, each.seats, each.wheelchair, each.step_free) for each in found.venues] == [
        ("Willow Room", 12, True, True),
        ("Ash Room", 6, False, False),
    ]
    assert found.venue("Willow Room").address == "willow@exampleshire.example"
    assert found.venue("Oak Room") is None
    assert found.travel == timedelta(minutes=30)


@pytest.mark.parametrize("none", ["", "venues:\n", "venues: []\n"])
def test_an_area_may_have_no_rooms(changed, none):
    assert changed(VENUES, none).venues == ()


@pytest.mark.parametrize(
    ("room", "part", "remedy"),
    [
        ("{name: Online, seats: 6}", "name", "the name by which people know the room"),
        ("{name: any_room, seats: 6}", "name", "the name by which people know the room"),
        (f"{{name: {'x' * 51}, seats: 6}}", "name", "of 2 to 50 characters"),
        ("{name: Oak, seats: 6, address: oak}", "address", "such as willow@exampleshire.example"),
        ("{name: Oak, seats: 1}", "seats", "how many people the room seats, 2 or more"),
        ("{name: willow room, seats: 6}", "name", "“willow room” is there twice"),
        (
            "{name: Oak, seats: 6, address: Willow@exampleshire.example}",
            "address",
            "“Willow@exampleshire.example” is there twice",
        ),
        ("{name: Oak, seats: 6, size: 3}", "size", "Extra inputs"),
        ("{name: Oak}", "seats", "Field required"),
    ],
)
def test_a_room_that_would_fail_somebody_later_is_refused_on_its_line(refused, room, part, remedy):
    after = VENUES.replace("{name: Ash Room, seats: 6}", room)
    [(path, line, reason)] = refused(VENUES, after)
    assert (path, line) == (f"venues.1.{part}", f"- {room}")
    assert remedy in reason


def test_there_are_no_more_rooms_than_can_be_listed(refused):
    many = "venues:\n" + "".join(f"  - {{name: Room {n}, seats: 6}}\n" for n in range(99))
    assert [(path, reason) for path, _, reason in refused(VENUES, many)] == [
        ("venues", "name 98 rooms at most")
    ]


def test_the_way_to_a_room_is_some_minutes_of_a_day(refused):
    [(path, line, _)] = refused(TRAVEL, "travel_minutes: 300\n")
    assert (path, line) == ("travel_minutes", "travel_minutes: 300")
