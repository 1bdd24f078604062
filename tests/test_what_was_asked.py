"""Each of the 175 things that the five systems ask for has a test that shows it, or a reason why no software can.

docs/requirements.yml says what is asked, docs/requirements.md is made of it and of the tests' own docstrings. After a
change run this file, read the difference, and commit it: `.venv/bin/python tests/test_what_was_asked.py`.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ASKED, PAGE = ROOT / "docs" / "requirements.yml", ROOT / "docs" / "requirements.md"

SYSTEMS = {
    "S1": ("Redbridge: a framework for multi-agency risk management", 22),
    "S2": ("Solihull: guidance on multi-agency risk management", 50),
    "S3": ("Care Connect: a monthly panel in ten steps", 36),
    "S4": ("Southend: a risk assessment team for domestic abuse", 24),
    "S5": ("Partnership working in safeguarding: what a good provider can show", 43),
}
EVERY = [f"{system}-{n:02}" for system, (_, count) in SYSTEMS.items() for n in range(1, count + 1)]
KEYS = {"asks", "shown_by", "why_not", "waits"}
MOST = 3
"""So many tests are named for one id; the others are found by looking for the id."""

CITED = re.compile(r"\b(S[1-5])-(\d\d)(?:(?: to |–|\.\.)(?:\1-)?(\d\d)\b)?")
HEAD = """# What was asked, and what shows it

Convenor was built from five documents: how Redbridge, Solihull, a Care Connect area and Southend manage high risk
together, and an article on what working in partnership has to show. They ask 175 things. This page says for each the
tests that show it (run one with `python -m pytest`), or why it is not a thing that software can do. It is made from
[requirements.yml](requirements.yml) and from the tests by `tests/test_what_was_asked.py`, which fails when an id has
neither; nobody writes it by hand.
"""


@cache
def asked() -> dict[str, dict[str, Any]]:
    """What is asked, by id, as the file has it."""
    return dict(yaml.safe_load(ASKED.read_text()))


@cache
def citing() -> dict[str, list[str]]:
    """For each id the tests that cite it, or the modules whose tests all stand for it."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("*.py")):
        tree, name = ast.parse(file.read_text()), file.relative_to(ROOT).as_posix()
        if not file.name.startswith("test_"):
            continue
        for test in written_in(tree):
            for id in ids_in(ast.get_docstring(test)):
                found[id].append(f"{name}::{test.name}")
        for id in ids_in(ast.get_docstring(tree)):
            if not any(each.startswith(f"{name}::") for each in found[id]):
                found[id].append(name)
    return found


def written_in(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The tests of a module, in order."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def ids_in(text: str | None) -> Iterator[str]:
    """The ids that a text cites, each of a stretch like `S3-07 to S3-15` as well."""
    for system, first, last in CITED.findall(text or ""):
        yield from (f"{system}-{n:02}" for n in range(int(first), int(last or first) + 1))


def shown_by(id: str) -> list[str]:
    """Where it is shown: the tests named by hand first, then those that cite it, whole modules last."""
    by_hand = asked()[id].get("shown_by", [])
    cited = sorted(set(citing()[id]), key=lambda each: ("::" not in each, each))
    return [*by_hand, *(each for each in cited if each not in by_hand)]


def page() -> str:
    """The page as it should be."""
    lines = [HEAD]
    for system, (title, _) in SYSTEMS.items():
        lines += [
            f"## {system}. {title}",
            "",
            "| id | what is asked | what shows it |",
            "| --- | --- | --- |",
        ]
        for id in (each for each in EVERY if each.startswith(f"{system}-")):
            lines.append(f"| {id} | {asked()[id]['asks']} | {_shown(id)} |")
        lines.append("")
    return "\n".join(lines)


def _shown(id: str) -> str:
    tests = shown_by(id)
    said = [_link(each) for each in tests[:MOST]]
    if len(tests) > MOST:
        said.append(f"and {len(tests) - MOST} more")
    if waits := asked()[id].get("waits"):
        said.append(f"*Not built yet:* {waits}")
    if reason := asked()[id].get("why_not"):
        said.append(f"*Not software’s job:* {reason}")
    return "<br>".join(said)


def _link(test: str) -> str:
    file, _, name = test.partition("::")
    words = name.removeprefix("test_").replace("_", " ") or f"all of {Path(file).name}"
    return f"[{words}](../{file})"


def test_every_one_of_the_175_is_on_the_list_and_nothing_else():
    assert list(asked()) == EVERY
    assert {key for each in asked().values() for key in each} <= KEYS


def test_every_one_has_a_test_that_shows_it_or_the_reason_why_none_can():
    owing = [id for id in EVERY if not shown_by(id) and not asked()[id].get("why_not")]
    assert [id for id in owing if not asked()[id].get("waits")] == []


def test_what_is_not_built_yet_is_said_and_is_no_more_than_this():
    """What waits is told on the page; whoever builds it takes it from here."""
    assert {id for id in EVERY if asked()[id].get("waits")} == set()


def test_no_test_cites_what_nobody_asks():
    assert sorted(set(citing()) - set(EVERY)) == []


def test_every_test_that_is_named_is_there():
    named = {each for about in asked().values() for each in about.get("shown_by", [])}
    there = set()
    for file in {each.partition("::")[0] for each in named}:
        there |= {f"{file}::{test.name}" for test in written_in(ast.parse((ROOT / file).read_text()))}
    assert sorted(named - there) == []


def test_the_page_says_what_the_tests_say():
    assert PAGE.read_text() == page(), "run .venv/bin/python tests/test_what_was_asked.py"


if __name__ == "__main__":
    PAGE.write_text(page())
