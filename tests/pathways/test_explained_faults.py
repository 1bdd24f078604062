"""`convenor pathway check` tells an author every fault at once, with its line and what to do about it (S1-06, rule 3).

Each case breaks one thing in a shipped file and expects the line, a reason and a remedy; none may end in a stack trace.
"""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.pathways.checking import check
from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import PlainYaml
from bot.pathways.reader import SHIPPED, read
from bot.pathways.remedies import with_remedies
from bot.pathways.schema import schema
from tests.pathways.test_refusals import CASES as REFUSED
from tests.pathways.test_refusals import GOOD, broken


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pathways")
    shutil.copytree(SHIPPED / "tools", place / "tools")
    return place


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    (checked,) = check(folder / "mine.yml")
    return checked.faults


VERSION = next(line for line in GOOD.splitlines() if line.startswith("version:"))
CIRCLE = (
    "            required: true\n            sensitivity: 3\n          - id: idva_on\n",
    "            required: false\n            required_if: {field: idva_on, answered: true}\n"
    "            sensitivity: 3\n          - id: idva_on\n",
)

# old, new, lines below the change, path, in the reason, in the remedy
CASES: dict[str, tuple[str, str, int, str, str, str]] = {
    "misspelt setting": (
        "  authoriser: chair\n", "  authoriser: chair\n  all_agencys: true\n", 1,
        "closure.all_agencys", "no such setting", "Did you mean “all_agencies”?"),
    "misspelt heading": (
        "quorum:  ", "quroum:  ", 0, "quroum", "no such setting", "Did you mean “quorum”?"),
    "misspelt setting of a field": (
        "            hint: One that only they can see or answer.\n",
        "            hnit: One that only they can see or answer.\n", 0,
        "forms.0.pages.4.fields.0.hnit", "no such setting", "Did you mean “hint”?"),
    "setting in the wrong place": (
        "closure:", "length: 30\nclosure:", 0, "length", "no such setting", "“length” belongs into a stage"),
    "unknown unit": (
        "    due: {wd: 3}", "    due: {weeks: 3}", 0, "stages.0.due.weeks", "no such unit", "{days: 7} for a week"),
    "length without a unit": (
        "    due: {wd: 3}", "    due: 3", 0, "stages.0.due", "one length", "{wd: 3}"),
    "two units": (
        "    due: {wd: 3}", "    due: {wd: 3, days: 1}", 0, "stages.0.due", "one length", "one number and its unit"),
    "negative length": (
        "    due: {wd: 14}", "    due: {wd: -1}", 0, "stages.1.due", "one length", "{wd: 3}"),
    "figure with a point": (
        "    due: {wd: 14}", "    due: {wd: 1.5}", 0, "stages.1.due", "one length", "{wd: 3}"),
    "figure with a nought before it": (
        "    due: {wd: 14}", "    due: {wd: 08}", 0, "stages.1.due", "one length", "{wd: 3}"),
    "stage without an owner": (
        "    kind: discussion\n    owner: coordinator\n", "    kind: discussion\n", -2,
        "stages.0.owner", "must be given", "Add the line “owner:”"),
    "stage owned by a role misspelt": (
        "    owner: chair\n", "    owner: chiar\n", 0, "stages.1.owner", "not among", "Did you mean “chair”?"),
    "stage of an unknown kind": (
        "    kind: discussion\n", "    kind: discusion\n", 0, "stages.0.kind", "must be", "Did you mean “discussion”?"),
    "ladder that ends at a team": (
        "  - {offset: 10, to: board}\n", "  - {offset: 10, to: triage}\n", 0,
        "ladder.5.to", "held by a person", "board"),
    "ladder out of order": (
        "  - {offset: 5, to: chair}", "  - {offset: 2, to: chair}", 0,
        "ladder.4.offset", "later than", "in order of `offset`"),
    "ladder with a word for a day": (
        "  - {offset: 5, to: chair}", "  - {offset: five, to: chair}", 0,
        "ladder.4.offset", "a whole number", "a whole number"),
    "rung that tells nobody": (
        "  - {offset: 5, to: chair}", "  - {offset: 5, to: []}", 0, "ladder.4.to", "must name somebody", "Name a role"),
    "channel shows a name": (
        "channel_view: [case_ref,", "channel_view: [name, case_ref,", 0,
        "channel_view.0", "sensitivity 2", "A channel may show: case_ref"),
    "channel shows a word misspelt": (
        "channel_view: [case_ref,", "channel_view: [manger, case_ref,", 0,
        "channel_view.0", "no field", "Did you mean “manager”?"),
    "closure without an authoriser": (
        "  by: chair\n  authoriser: chair\n", "  by: chair\n", -1,
        "closure.authoriser", "must be given", "Add the line “authoriser:”"),
    "closure authorised by a team": (
        "  authoriser: chair\n", "  authoriser: triage\n", 0, "closure.authoriser", "held by a person", "chair"),
    "closure proposed by a team": (
        "  by: chair\n", "  by: triage\n", 0, "closure.by", "held by a person", "chair"),
    "retention forgotten": (
        "  chat: {days: 30}\n", "", -2, "retention.chat", "one length", "{days: 14}"),
    "retention left open": (
        "  case: area ", "  case: SET_BY_DPO ", 0, "retention.case", "data protection officer", "write `area`"),
    "retention in months": (
        "  chat: {days: 30}", "  chat: {months: 1}", 0, "retention.chat", "calendar days", "{days: 30}"),
    "yes for a kind": (
        "    many_cases: true\n", "    many_cases: maybe\n", 0,
        "stages.1.many_cases", "true or false", "true or false"),
    "time that is none": (
        "  due: 17:00 ", "  due: 25:00 ", 0, "clock.due", "a time of day", "a time of day such as 17:00"),
    "version of two numbers": (
        VERSION, "version: 1.10", 0, "version", "three numbers", "Write all three"),
    "figures for a title": (
        "title: MARAT\n", "title: 2027\n", 0, "title", "must be text, not 2027", 'in quotes, such as "2027"'),
    "true for an answer": (
        "required_if: {field: idva, one_of: [yes]}", "required_if: {field: idva, one_of: [true]}", 0,
        "forms.0.pages.8.fields.2.required_if.one_of.0", "must be text, not true", "in quotes"),
    "key twice": (
        "title: MARAT\n", "title: MARAT\ntitle: MARAC\n", 1, "title", "given twice", "Keep one of the two"),
    "option twice": (
        "              stalking: Stalking\n", "              stalking: Stalking\n              stalking: Stalked\n", 1,
        "forms.0.pages.15.fields.0.options.stalking", "given twice", "Keep one of the two “stalking” lines"),
    "question twice": (
        "          - id: harmer_aliases\n", "          - id: aliases\n", 0,
        "forms.0.pages.10.fields.1.id", "there already", "another name"),
    "criterion on an unknown question": (
        "says: {number: incidents, at_least: 3}", "says: {number: incident, at_least: 3}", 0,
        "criteria.any.2.says.number", "no number field", "Did you mean “incidents”?"),
    "criterion on a question of another kind": (
        "says: {number: incidents, at_least: 3}", "says: {number: criterion, at_least: 3}", 0,
        "criteria.any.2.says.number", "no number field", "incidents"),
    "criterion without a question": (
        "      question: A professional judges the risk to be high\n", "", -1,
        "criteria.any.1.question", "must be given", "Add the line “question:”"),
    "score out of reach": (
        "says: {tool: example-risk-tool, at_least: 7}", "says: {tool: example-risk-tool, at_least: 14}", 0,
        "criteria.any.0.says.at_least", "only 10 questions", "Write 10 or less"),
    "condition on an answer misspelt": (
        "required_if: {field: idva, one_of: [yes]}", "required_if: {field: idva, one_of: [unknow]}", 0,
        "forms.0.pages.8.fields.2.required_if.one_of.0", "no answer to", "Did you mean “unknown”?"),
    "condition on a question misspelt": (
        "required_if: {field: idva, one_of: [yes]}", "required_if: {field: idav, one_of: [yes]}", 0,
        "forms.0.pages.8.fields.2.required_if.field", "no field", "Did you mean “idva”?"),
    "condition with two tests": (
        "required_if: {field: idva, one_of: [yes]}", "required_if: {field: idva, one_of: [yes], answered: true}", 0,
        "forms.0.pages.8.fields.2.required_if", "exactly one of", "Keep one"),
    "circle": (*CIRCLE, 1, "forms.0.pages.8.fields.1.required_if", "in a circle", "Take `required_if` away"),
    "page shown by what comes later": (
        "        shown_if: {field: tool_used, one_of: [with_person, from_records]}",
        "        shown_if: {field: police_told, one_of: [yes]}", 0,
        "forms.0.pages.14.shown_if.field", "not asked before", "further up"),
    "kind of question misspelt": (
        "          - id: aliases\n            label: Are they known by any other names?\n            kind: text\n",
        "          - id: aliases\n            label: Are they known by any other names?\n            kind: txt\n", 2,
        "forms.0.pages.3.fields.1.kind", "must be", "Did you mean “text”?"),
    "options without a choice": (
        "          - id: idva_on\n", "          - id: idva_on\n            options: {a: A}\n", 1,
        "forms.0.pages.8.fields.2.options", "has no options", "kind: select"),
    "sensitivity out of range": (
        "            hint: One that only they can see or answer.\n",
        "            hint: One that only they can see or answer.\n            about: 7\n", 1,
        "forms.0.pages.4.fields.0.about", "must be text", "quotes"),
    "dead redirect": (
        "    text: A child may be at risk. Please make a children's referral today. This one can go on beside it.\n",
        '    text: ""\n', 0, "redirects.3.text", "must say what the referrer is to do", "one or two sentences"),
    "invited by halves": (
        "  police: required\n", "  police: requird\n", 0, "invite.police", "required or optional", "Write `required`"),
    "quorum of an agency misspelt": (
        "required: [police, adult", "required: [polise, adult", 0, "quorum.required.0", "never invited", "“police”"),
    "more agencies than are invited": (
        "  min_agencies: 4", "  min_agencies: 40", 0, "quorum.min_agencies", "must be from 1", "Choose a number"),
    "nation in short": (
        "nation: england-and-wales", "nation: england", 0, "nation", "must be one of", "“england-and-wales”"),
    "alias with a space": (
        "aliases: [marat, marac]", "aliases: [marat, Domestic abuse]", 0,
        "aliases.1", "lower-case", "Write domestic-abuse."),
    "text misspelt": (
        "  needs_info: >-", "  need_info: >-", 0, "texts.need_info", "no such text", "Did you mean “needs_info”?"),
    "tool that is not there": (
        "tool: example-risk-tool  ", "tool: ../../etc/passwd  ", 0, "tool", "name of a file", "the file's name alone"),
    "tool misspelt": (
        "tool: example-risk-tool  ", "tool: exampel-risk-tool  ", 0,
        "tool", "there is no", "Did you mean “example-risk-tool”?"),
    "colon in a sentence": (
        "title: MARAT\n", "title: MARAT: the panel\n", 0, "", "no YAML", "needs quotes"),
    "tab": ("  by: chair\n", "\tby: chair\n", 0, "", "no YAML", "never the tab key"),
    "mark of another program": (
        "title: MARAT\n", "title: !!timestamp MARAT\n", 0, "title", "no YAML", "begins with “!”"),
    "title too long": (
        "        title: Reaching them safely\n", "        title: How to reach them in safety\n", 0,
        "forms.0.pages.4.title", "at most 24", "Shorten it by 3"),
    "agenda in days": (
        "    agenda_out: {wd: 5} ", "    agenda_out: {days: 5} ", 0, "stages.1.agenda_out", "working days", "{wd: 5}"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_has_its_line_its_reason_and_a_remedy(folder: Path, case: str):
    old, new, down, path, reason, remedy = CASES[case]
    text, line = broken(old, new)
    found = faults_of(folder, text)
    mine = [fault for fault in found if fault.path == path and reason in fault.reason]
    assert len(mine) == 1, found
    assert mine[0].line == line + down
    assert remedy in mine[0].remedy


@pytest.mark.parametrize("case", REFUSED)
def test_every_known_refusal_has_a_remedy(folder: Path, case: str):
    found = faults_of(folder, broken(*REFUSED[case][:2])[0])
    assert [str(fault) for fault in found if not fault.remedy.strip()] == []
    assert not [fault for fault in found if fault.remedy.startswith("Compare this place")]


@pytest.mark.parametrize(
    "case", ["misspelt setting", "tab", "ladder that ends at a team", "tool that is not there"]
)
def test_the_command_tells_it_and_fails_without_a_stack_trace(folder: Path, case: str):
    old, new, down, _, reason, remedy = CASES[case]
    text, line = broken(old, new)
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    said = CliRunner().invoke(app, ["pathway", "check", str(folder / "mine.yml")], catch_exceptions=False)
    assert said.exit_code == 1
    assert f"line {line + down}" in said.stderr
    assert reason in said.stderr
    assert f"What to do: {remedy}" in said.stderr or remedy in said.stderr
    assert "Traceback" not in said.output


def test_mistakes_in_several_parts_are_told_at_once_in_the_order_of_the_lines(folder: Path):
    """A setting that does not fit in one part hides no mistake in another."""
    text = GOOD
    chosen = (
        "ladder that ends at a team",
        "unknown unit",
        "stage of an unknown kind",
        "channel shows a name",
    )
    for case in (*chosen, "yes for a kind", "title too long"):
        text = text.replace(CASES[case][0], CASES[case][1])
    found = faults_of(folder, text)
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert {fault.path for fault in found} == {
        CASES[case][3] for case in (*chosen, "yes for a kind", "title too long")
    }


@pytest.mark.parametrize(
    "section",
    [line.partition(":")[0] for line in GOOD.splitlines() if line.partition(":")[0] in schema()["required"]],
)
def test_a_part_that_is_left_out_is_one_fault_and_draws_no_others(folder: Path, section: str):
    found = faults_of(folder, re.sub(rf"(?ms)^{section}:.*?(?=^[a-z_]+:|\Z)", "", GOOD))
    allowed = {section, *(f"clock.{name}" for name in ("start", "cutoff", "non_working_receipt", "due"))}
    follow = {"tool": {"criteria.any.0.says.tool", "forms.0.pages.14.tool", "tool"}}
    assert {fault.path for fault in found} <= allowed | follow.get(section, set()), found
    assert found


def test_a_type_of_agency_that_no_shipped_file_invites_is_asked_about_and_refused_nowhere(folder: Path):
    (folder / "mine.yml").write_text(
        GOOD.replace("  police: required\n", "  police: required\n  housin: optional\n")
    )
    (checked,) = check(folder / "mine.yml")
    assert checked.faults == ()
    (doubt,) = checked.doubts
    assert doubt.path == "invite.housin"
    assert "did you mean “housing”?" in doubt.reason


def test_a_question_that_nobody_can_be_asked_is_pointed_out(folder: Path):
    old = "          - id: tool_why_not\n"
    new = old + "            shown_if: {field: tool_used, one_of: [impossible]}\n"
    (folder / "mine.yml").write_text(broken(old, new)[0])
    assert check(folder / "mine.yml")[0].doubts == ()
    shut = "          - id: tool_comments\n"
    text = broken(shut, shut + "            shown_if: {field: tool_why_not, answered: true}\n")[0]
    text = text.replace(old, new)
    page = "      - id: flags\n        title: Warning signs\n"
    text = text.replace(page, page + "        shown_if: {field: tool_used, one_of: [with_person]}\n")
    (folder / "mine.yml").write_text(text)
    assert [doubt.path for doubt in check(folder / "mine.yml")[0].doubts] == ["forms.0.pages.15.fields.1"]


def test_a_sound_file_is_read_back_in_words(folder: Path):
    said = CliRunner().invoke(app, ["pathway", "check", str(SHIPPED / "southend-marat.yml")])
    text = " ".join(said.stdout.split())
    assert said.exit_code == 0
    for sentence in (
        "no faults",
        "Decided by the MARAT team within 1 working day, the same day where “flags” calls for it.",
        "owned by the MARAT coordinator, within 3 working days: 30 minutes",
        "10 working days after the strategic board's contact",
        "Proposed by the chair and nobody else, authorised by the chair",
    ):
        assert sentence in text


def test_a_folder_is_checked_file_by_file(folder: Path, tmp_path: Path):
    shutil.copytree(SHIPPED / "tools", tmp_path / "tools")
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yml").write_text(GOOD, encoding="utf-8")
    a, b = check(tmp_path)
    assert a.pathway is not None
    assert {fault.path for fault in b.faults} == {"id", "aliases.0", "aliases.1"}
    assert all(fault.remedy for fault in b.faults)
    assert [each.faults[0].reason for each in check(tmp_path / "tools")] != []
    (empty,) = check(tmp_path_empty := _made(tmp_path / "empty"))
    assert (empty.name, empty.faults[0].reason) == (tmp_path_empty.name, "holds no pathway (*.yml)")


def _made(place: Path) -> Path:
    place.mkdir()
    return place


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=30),
    st.sampled_from(["no", "17:00", "1.10", "unknown", "x" * 4000, "../..", "\u0000"]),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.text(max_size=3)), max_size=3),
)


def _places(part: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [place for key, value in inner for place in ((*at, key), *_places(value, (*at, key)))]


PLACES = _places(yaml.load(GOOD, PlainYaml))


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.tuples(st.sampled_from(PLACES), st.none() | st.tuples(JUNK)), min_size=1, max_size=3)
)
def test_whatever_is_dropped_or_replaced_is_explained_and_never_crashes(folder: Path, changes):
    """A key dropped, or a value replaced by anything: faults with remedies and lines, or a pathway."""
    plain = yaml.load(GOOD, PlainYaml)
    for place, put in changes:
        *above, last = place
        node = plain
        try:
            for step in above:
                node = node[step]
            if put is None:
                del node[last]
            else:
                node[last] = put[0]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
    (folder / "junk.yml").write_text(text, encoding="utf-8")
    lines = text.count("\n") + 1
    try:
        read(folder / "junk.yml")
    except BadPathway as bad:
        for fault in with_remedies(bad.faults, folder):
            assert fault.remedy
            assert 1 <= fault.line <= lines
