"""A pathway file that would fail somebody later is refused at the start, with file, line, path and reason.

Each case takes the shipped MARAT file, breaks one thing, and expects the fault at the broken line.
"""

import shutil
from pathlib import Path

import pytest

from bot.pathways.faults import BadPathway, Fault
from bot.pathways.reader import SHIPPED, read, read_all

GOOD = (SHIPPED / "southend-marat.yml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED / "tools", tmp_path / "tools")
    return tmp_path


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    (folder / "broken.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadPathway) as refused:
        read(folder / "broken.yml")
    return refused.value.faults


def broken(old: str, new: str) -> tuple[str, int]:
    """The good file with one thing changed, and the line of the change, from 1."""
    assert GOOD.count(old) == 1, f"{GOOD.count(old)} times: {old!r}"
    return GOOD.replace(old, new), GOOD[: GOOD.index(old)].count("\n") + 1


CASES = {
    "unknown key": (
        "  authoriser: chair\n",
        "  authoriser: chair\n  autoriser: chair\n",
        1,
        "closure.autoriser",
        "no such setting",
    ),
    "unknown key in a field": (
        "            hint: One that only they can see or answer.\n",
        "            hnit: One that only they can see or answer.\n",
        0,
        "forms.0.pages.4.fields.0.hnit",
        "no such setting",
    ),
    "unknown key in a tree": (
        "      evidence: required\n",
        "      evidense: required\n",
        0,
        "criteria.any.1.evidense",
        "no such setting",
    ),
    "unknown unit": (
        "    due: {wd: 3}",
        "    due: {weeks: 3}",
        0,
        "stages.0.due.weeks",
        "choose one of wd, hours, days",
    ),
    "length without unit": (
        "    due: {wd: 3}",
        "    due: 3",
        0,
        "stages.0.due",
        "one length such as {wd: 3}",
    ),
    "negative length": ("    due: {wd: 14}", "    due: {wd: -1}", 0, "stages.1.due", "one length such as"),
    "stage without an owner": (
        "    kind: discussion\n    owner: coordinator\n",
        "    kind: discussion\n",
        -2,
        "stages.0.owner",
        "must be given",
    ),
    "stage owned by nobody known": (
        "    owner: chair\n",
        "    owner: mayor\n",
        0,
        "stages.1.owner",
        "not among this pathway's roles",
    ),
    "channel shows a name": (
        "channel_view: [case_ref,",
        "channel_view: [name, case_ref,",
        0,
        "channel_view.0",
        "“name” has sensitivity 2",
    ),
    "channel shows what nobody declared": (
        "channel_view: [case_ref,",
        "channel_view: [postcode, case_ref,",
        0,
        "channel_view.0",
        "there is no field “postcode”",
    ),
    "closure without an authoriser": (
        "  by: chair\n  authoriser: chair\n",
        "  by: chair\n",
        -1,
        "closure.authoriser",
        "must be given",
    ),
    "closure authorised by a team": (
        "  authoriser: chair\n",
        "  authoriser: triage\n",
        0,
        "closure.authoriser",
        "held by a person",
    ),
    "ladder that ends at a team": (
        "  - {offset: 10, to: board}\n",
        "  - {offset: 10, to: triage}\n",
        0,
        "ladder.5.to",
        "the last rung must be a role held by a person",
    ),
    "triage ladder that ends at a team": (
        "    - {offset: 2, to: board}\n",
        "    - {offset: 2, to: triage}\n",
        0,
        "triage.ladder.2.to",
        "the last rung must be a role held by a person",
    ),
    "ladder out of order": (
        "  - {offset: 5, to: chair}",
        "  - {offset: 2, to: chair}",
        0,
        "ladder.4.offset",
        "later than the rung",
    ),
    "ladder to an unknown role": (
        "  - {offset: 5, to: chair}",
        "  - {offset: 5, to: mayor}",
        0,
        "ladder.4.to",
        "not among",
    ),
    "no such role": (
        "  board: {title:",
        "  mayor: {title: the mayor, held_by: person}\n  board: {title:",
        0,
        "roles.mayor",
        "no such role",
    ),
    "missing chat retention": ("  chat: {days: 30}\n", "", None, "retention.chat", "one length"),
    "retention left to the DPO": (
        "  case: area ",
        "  case: SET_BY_DPO ",
        0,
        "retention.case",
        "data protection officer",
    ),
    "chat kept in months": (
        "  chat: {days: 30}",
        "  chat: {months: 1}",
        0,
        "retention.chat",
        "calendar days",
    ),
    "duplicate field id": (
        "          - id: harmer_aliases\n",
        "          - id: aliases\n",
        0,
        "forms.0.pages.10.fields.1.id",
        "the field “aliases” is there already",
    ),
    "duplicate stage id": (
        "  - id: review                        # S4-11",
        "  - id: discussion # S4-11",
        0,
        "stages.2.id",
        "there already",
    ),
    "alias twice": ("aliases: [marat, marac]", "aliases: [marat, marat]", 0, "aliases.1", "named already"),
    "title over Slack's limit": (
        "        title: Reaching them safely\n",
        "        title: How to reach them in safety\n",
        0,
        "forms.0.pages.4.title",
        "is 27 characters long; at most 24",
    ),
    "option over Slack's limit": (
        "              stalking: Stalking\n",
        f"              stalking: {'Stalking ' * 9}\n",
        0,
        "forms.0.pages.15.fields.0.options.2",
        "at most 75",
    ),
    "condition on an unknown field": (
        "{field: criterion, one_of: [judgement]}\n            sensitivity: 3\n",
        "{field: criteria, one_of: [judgement]}\n            sensitivity: 3\n",
        0,
        "forms.0.pages.11.fields.1.required_if.field",
        "there is no field “criteria”",
    ),
    "condition on an answer that cannot be": (
        "required_if: {field: idva, one_of: [yes]}",
        "required_if: {field: idva, one_of: [maybe]}",
        0,
        "forms.0.pages.8.fields.2.required_if.one_of.0",
        "“maybe” is no answer to “idva”",
    ),
    "condition with two tests": (
        "required_if: {field: idva, one_of: [yes]}",
        "required_if: {field: idva, one_of: [yes], answered: true}",
        0,
        "forms.0.pages.8.fields.2.required_if",
        "exactly one of",
    ),
    "page shown by what is asked later": (
        "        shown_if: {field: tool_used, one_of: [with_person, from_records]}",
        "        shown_if: {field: police_told, one_of: [yes]}",
        0,
        "forms.0.pages.14.shown_if.field",
        "is not asked before this",
    ),
    "field shown by one below it": (
        "          - id: idva\n",
        "          - id: idva\n            shown_if: {field: idva_on, answered: true}\n",
        1,
        "forms.0.pages.8.fields.1.shown_if.field",
        "is not asked before this",
    ),
    "headline over Slack's limit": (
        "  headline: If someone is in danger now, ring 999\n",
        f"  headline: {'Ring 999 now ' * 12}\n",
        0,
        "emergency.headline",
        "at most 150",
    ),
    "criterion on an unknown field": (
        "says: {number: incidents, at_least: 3}",
        "says: {number: incident, at_least: 3}",
        0,
        "criteria.any.2.says.number",
        "there is no number field “incident”",
    ),
    "score that the tool cannot reach": (
        "says: {tool: example-risk-tool, at_least: 7}",
        "says: {tool: example-risk-tool, at_least: 14}",
        0,
        "criteria.any.0.says.at_least",
        "the tool has only 10 questions",
    ),
    "no such tool": (
        "tool: example-risk-tool               #",
        "tool: other-tool #",
        0,
        "tool",
        "there is no tools/other-tool.yml",
    ),
    "key given twice": ("title: MARAT\n", "title: MARAT\ntitle: MARAC\n", 1, "title", "given twice"),
    "unknown nation": ("nation: england-and-wales", "nation: england", 0, "nation", "must be one of"),
    "version that cannot be pinned": ("version: 1.2.0", "version: 1.20", 0, "version", "three numbers"),
    "no cut-off stated": (
        "  cutoff: null                        # (P)\n",
        "",
        -2,
        "clock.cutoff",
        "must be given",
    ),
    "quorum of an agency not invited": (
        "required: [police, adult",
        "required: [coastguard, adult",
        0,
        "quorum.required.0",
        "never invited",
    ),
    "case minutes that do not add up": (
        "    minutes_per_case: 15\n",
        "    minutes_per_case: 12\n",
        0,
        "stages.1.minutes_per_case",
        "take 15",
    ),
    "list that closes when the agenda is out": (
        "    list_closes: null                 # S4-02",
        "    list_closes: {wd: 5}              # S4-02",
        0,
        "stages.1.list_closes",
        "must come before the agenda goes out (5 working days before): set {wd: 6} or more",
    ),
    "agenda counted in calendar days": (
        "    agenda_out: {wd: 5} ",
        "    agenda_out: {days: 5} ",
        0,
        "stages.1.agenda_out",
        "must be working days before the meeting, such as {wd: 6}",
    ),
    "agenda on the day itself": (
        "    agenda_out: {wd: 5} ",
        "    agenda_out: {wd: 0} ",
        0,
        "stages.1.agenda_out",
        "1 or more",
    ),
    "agenda by the name that the program has for it": (
        "    agenda_out: {wd: 5} ",
        "    agenda_out_wd: 5 ",
        0,
        "stages.1.agenda_out_wd",
        "write agenda_out: {wd: 6}",
    ),
    "agenda of a meeting about one case": (
        "    length: 30\n    subject_attends: never\n",
        "    length: 30\n    agenda_out: {wd: 5}\n    subject_attends: never\n",
        1,
        "stages.0.agenda_out",
        "set many_cases: true, or leave it out",
    ),
    "invitation later than the agenda": (
        "    many_cases: true\n",
        "    many_cases: true\n    recurs: {every: week, weekday: tuesday, at: 10:00, invite: {wd: 4}}\n",
        3,
        "stages.1.agenda_out",
        "set recurs.invite to {wd: 5} or more",
    ),
    "bank holiday that nobody has decided on": (
        "    many_cases: true\n",
        "    many_cases: true\n    recurs: {every: week, weekday: tuesday, at: 10:00, on_holiday: ask}\n",
        1,
        "stages.1.recurs.on_holiday",
        "must be 'next_working_day' or 'skip', not 'ask'",
    ),
    "expertise missed of an agency that nobody asks": (
        "  expertise: [mental_health] ",
        "  expertise: [coastguard] ",
        0,
        "involvement.expertise.0",
        "never asked",
    ),
    "a secret address to look somebody up by": (
        "  expertise: [mental_health] ",
        "  identify: [name, address] ",
        0,
        "involvement.identify.1",
        "has sensitivity 4",
    ),
    "a story to look somebody up by": (
        "  expertise: [mental_health] ",
        "  identify: [tried] ",
        0,
        "involvement.identify.0",
        "is a story",
    ),
    "an answer wanted after calendar days": (
        "  due: {wd: 2}                        # the case",
        "  due: {days: 2}                      # the case",
        0,
        "involvement.due",
        "must be working days after asking, such as {wd: 6}",
    ),
    "duty shown by no field": (
        "    fields: [steps_taken]",
        "    fields: [steps]",
        0,
        "duties.3.fields",
        "there is no field “steps”",
    ),
    "action without a review date": (
        "  need: [agency, owner, due, review_on, category]",
        "  need: [agency, owner, due, category]",
        0,
        "actions.need",
        "always needs review_on too",
    ),
    "text that nobody sends": ("  needs_info: >-", "  need_info: >-", 0, "texts.need_info", "no such text"),
    "word never heard of": (
        "never: [reject_on_score_alone, tell",
        "never: [reject_on_score, tell",
        0,
        "never.0",
        "must be one of",
    ),
    "window in working days": (
        "  window: {months: 12}",
        "  window: {wd: 12}",
        0,
        "repeat.window",
        "months or days",
    ),
    "no YAML": ("title: MARAT\n", "title: MARAT: really\n", 0, "", "no YAML"),
    "emergency question not first": (
        "      - id: danger\n        title: Is anyone in danger?\n        defines: [immediate_risk]\n        fields:\n"
        "          - id: danger\n",
        "      - id: danger\n        title: Is anyone in danger?\n        defines: [immediate_risk]\n        fields:\n"
        "          - id: peril\n",
        None,
        "forms",
        "first question must be “danger”",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_named_with_its_line_path_and_reason(folder, case):
    old, new, down, path, reason = CASES[case]
    text, line = broken(old, new)
    found = [fault for fault in faults_of(folder, text) if fault.path == path and reason in fault.reason]
    assert len(found) == 1, faults_of(folder, text)
    assert found[0].file == "broken.yml"
    assert down is None or found[0].line == line + down
    assert str(found[0]).startswith(f"broken.yml:{found[0].line}:")


def test_a_field_without_sensitivity_is_refused_at_its_own_line(folder):
    """IG-03: what nobody classed may not exist."""
    field = (
        "          - id: afraid_of\n            label: Who are they afraid of?\n"
        "            kind: long_text\n            required: true\n"
    )
    text, line = broken(field + "            sensitivity: 4\n", field)
    (fault,) = faults_of(folder, text)
    assert (fault.line, fault.path, fault.reason) == (
        line,
        "forms.0.pages.5.fields.0.sensitivity",
        "must be given",
    )


def test_a_file_that_says_nothing_of_retention_is_refused(folder):
    """IG-33: nothing is kept for ever by default."""
    start, end = GOOD.index("retention:\n"), GOOD.index("channel_view:")
    assert [fault.path for fault in faults_of(folder, GOOD[:start] + GOOD[end:])] == ["retention"]


def test_fields_that_require_each_other_in_a_circle_are_refused(folder):
    text, _ = broken(
        "            required: true\n            sensitivity: 3\n          - id: idva_on\n",
        "            required: false\n            required_if: {field: idva_on, answered: true}\n"
        "            sensitivity: 3\n          - id: idva_on\n",
    )
    circles = [fault.path for fault in faults_of(folder, text) if "in a circle" in fault.reason]
    assert circles == ["forms.0.pages.8.fields.1.required_if", "forms.0.pages.8.fields.2.required_if"]


def test_a_field_may_be_shown_by_one_above_it_on_the_same_page(folder):
    text, _ = broken(
        "          - id: idva_on\n",
        "          - id: idva_on\n            shown_if: {field: idva, one_of: [yes]}\n",
    )
    (folder / "x.yml").write_text(text, encoding="utf-8")
    assert next(f for f in read(folder / "x.yml").fields if f.id == "idva_on").shown_if.holds({"idva": "yes"})


def test_every_fault_of_a_file_is_told_at_once(folder):
    text = GOOD
    for case in (
        "unknown key",
        "unknown unit",
        "stage owned by nobody known",
        "channel shows a name",
        "title over Slack's limit",
    ):
        text = text.replace(CASES[case][0], CASES[case][1])
    reasons = [fault.reason for fault in faults_of(folder, text)]
    assert len(reasons) == 5
    assert [fault.line for fault in faults_of(folder, text)] == sorted(
        f.line for f in faults_of(folder, text)
    )


def test_a_fault_of_the_risk_tool_is_told_in_the_tools_own_file(folder):
    tool = folder / "tools" / "example-risk-tool.yml"
    tool.write_text(tool.read_text().replace("at_least: 4", "at_least: 9").replace("sensitivity: 3\n", ""))
    found = {(fault.file, fault.path) for fault in faults_of(folder, GOOD)}
    assert found == {("example-risk-tool.yml", "bands"), ("example-risk-tool.yml", "sensitivity")}


def test_two_files_may_not_answer_to_one_name(folder):
    (folder / "a.yml").write_text(GOOD)
    (folder / "b.yml").write_text(GOOD.replace("id: southend-marat", "id: other-marat"))
    with pytest.raises(BadPathway) as refused:
        read_all(folder)
    assert {(f.file, f.path, f.reason) for f in refused.value.faults} == {
        ("b.yml", "aliases.0", "“marat” is also in a.yml"),
        ("b.yml", "aliases.1", "“marac” is also in a.yml"),
    }


def test_a_folder_of_bad_files_is_refused_with_the_faults_of_all(folder):
    (folder / "a.yml").write_text(GOOD.replace("owner: chair\n", "owner: mayor\n"))
    (folder / "b.yml").write_text("")
    (folder / "c.yml").write_text("- a list\n")
    (folder / "d.yml").write_bytes(b"id: \xff\xfe\n")
    with pytest.raises(BadPathway) as refused:
        read_all(folder)
    assert [fault.file for fault in refused.value.faults] == ["a.yml", "b.yml", "c.yml", "d.yml"]


def test_an_empty_folder_holds_no_pathway(tmp_path):
    with pytest.raises(BadPathway, match="holds no pathway"):
        read_all(tmp_path)


def test_times_and_words_that_yaml_would_twist_stay_as_written(folder):
    """model.md section 7: unquoted 17:00, no, on, 1.10 and dates are text here."""
    (folder / "x.yml").write_text(GOOD.replace("what is on record", "2026-04-02"))
    pathway = read(folder / "x.yml")
    assert pathway.clock.due.isoformat() == "17:00:00"
    assert next(f for f in pathway.fields if f.id == "knows_why_not").required_if.one_of == ("no",)
