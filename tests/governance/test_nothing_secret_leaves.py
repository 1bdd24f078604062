"""Nothing of sensitivity 2 or more stands in anything that leaves (IG-01, IG-03, IG-04, IG-09, IG-41)."""

import json
import re
from pathlib import Path

import pytest
from full_world import JSON_PLANTED, World, columns, models, sensitive
from leaving import OPAQUE, Everything, carried, marks_in
from sqlalchemy import JSON
from sqlmodel import SQLModel, select

from bot.courier.posts import messages, surfaces
from bot.pathways.reader import read_all
from bot.storage import ledger_tables
from bot.storage.transaction import Begin

ROOT = Path(__file__).resolve().parents[2]


def test_every_column_says_how_sensitive_it_is():
    """IG-03: a field without a class fails the build."""
    undeclared = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.info.get("sensitivity") not in range(5)
    ]
    assert undeclared == []


def test_every_question_of_every_pathway_says_how_sensitive_it_is():
    fields = [field for pathway in read_all().values() for field in pathway.fields]
    assert fields
    assert [field.id for field in fields if int(field.sensitivity) not in range(5)] == []


def test_the_ledgers_hold_nothing_secret_by_declaration():
    """Outbox, audit and inbox say ids, codes and dates; none of their columns may ever be declared more."""
    ledgers = [each for each in models() if each.__module__ == ledger_tables.__name__]
    assert len(ledgers) > 4
    assert [f"{each.__name__}.{c.name}" for each in ledgers for c in columns(each) if sensitive(c)] == []


def test_every_secret_column_holds_a_canary(full_store: Begin, world: World):
    """The test of the tests: a secret that was not planted would not be missed."""
    kinds = {(t.name, c.name) for t in SQLModel.metadata.tables.values() for c in t.columns if sensitive(c)}
    assert {
        (t.name, c.name)
        for t in SQLModel.metadata.tables.values()
        for c in t.columns
        if isinstance(c.type, JSON)
    } & kinds == JSON_PLANTED
    with full_store() as work:
        for model in models():
            for column in columns(model):
                if sensitive(column):
                    found = work.session.exec(select(column)).all()
                    assert found, f"no {model.__name__} stands in the full world"
                    assert all(marks_in(json.dumps(each)) for each in found), (
                        f"{model.__name__}.{column.name}"
                    )


def test_whatever_is_registered_was_sent(left: Everything):
    """A surface or message that no thing of the full world can show is one that nobody has tried."""
    names = {*surfaces(), *messages(), "home", "digest", "invite", "picture", "board_report"}
    assert {name for name in names if not left.left.get(name)} == set()


def test_whatever_is_owed_can_be_said_at_any_time(left: Everything):
    """A message that waited while the record went on is said as things stand now, or not at all."""
    assert left.broken == []


def test_no_secret_leaves_by_any_way(left: Everything):
    """IG-01, IG-04: messages, Homes, letters and calendar entries, whole, with all that travels unseen in them."""
    leaks = [
        f"{each}: {found}"
        for each in left
        for found in marks_in(json.dumps(each.payload, ensure_ascii=False))
    ]
    assert leaks == []


def test_each_way_was_tried(left: Everything):
    assert {each.way for each in left} == {"message", "home", "mail", "file"}
    assert {each.way for each in left.left["digest"]} == {"message", "mail"}


def test_no_secret_waits_in_the_ledgers(full_store: Begin, left: Everything):
    """What is owed, what was done and what was answered, after everything was planned and nudged."""
    with full_store() as work:
        for model in (each for each in models() if each.__module__ == ledger_tables.__name__):
            for row in work.session.exec(select(model)):
                # A digest is a number by chance, and may hold the year of the canary by chance.
                told = re.sub(r"[0-9a-f]{64}", "", str(row.model_dump()))
                assert marks_in(told) == [], model.__name__


def test_the_first_line_of_a_notification_is_safe_on_a_lock_screen(left: Everything):
    """IG-09: what a telephone shows before it is unlocked says no more than reference, agency and date."""
    previews = [each.payload.get("text", "") for each in left if each.way == "message"]
    assert all(previews)
    assert [marks_in(preview[:120]) for preview in previews if marks_in(preview[:120])] == []


def test_buttons_and_blocks_carry_ids_only(left: Everything):
    """Design rule 4: a value goes to Slack's servers and back, and is never a name."""
    named = [
        f"{each}: {key} {value!r}"
        for each in left
        for key, value in carried(each.payload)
        if not OPAQUE.fullmatch(value)
    ]
    assert named == []


def test_whatever_is_owed_by_name_can_becarried():
    """A use case that owes a message nobody knows how to say would make a dead letter."""
    known = {"show": set(surfaces()), "tell": set(messages())}
    unknown = []
    for path in (ROOT / "bot").rglob("*.py"):
        for verb, name in re.findall(
            r"\b(show|tell)\(\s*(?:self\.)?work,\s*f?\"([^\"]+)\"", path.read_text()
        ):
            pattern = re.compile(re.sub(r"\{[^}]*\}", r"\\w+", name))
            if not any(pattern.fullmatch(each) for each in known[verb]):
                unknown.append(f"{path.name}: {verb} {name}")
    assert unknown == []


@pytest.mark.parametrize("verb", ["show", "tell"])
def test_whatever_can_be_said_is_said_somewhere(verb: str):
    """A wording that nothing owes is dead, or forgotten."""
    source = "\n".join(path.read_text() for path in (ROOT / "bot" / "usecases").rglob("*.py"))
    names = surfaces() if verb == "show" else messages()
    made = [re.sub(r"\{[^}]*\}", r"\\w+", each) for each in re.findall(r"f\"([a-z]{3,}_[^\"]+)\"", source)]
    silent = {name for name in names if f'"{name}"' not in source}
    assert {
        name for name in silent if not any(re.fullmatch(each, name) for each in made if "\\w" in each)
    } == set()
