"""One definition of a question checks what was typed and says in plain English what to mend (forms.md)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import a_date, is_email, is_nhs_number, is_phone, years_old
from bot.domain.forms import Condition, Field, Form, Option, Page, problems, shown, tidy
from bot.domain.questions import KINDS
from bot.domain.sensitivity import Sensitivity

TODAY = date(2026, 11, 23)
TOO_YOUNG = "This pathway is for people aged {} or over. For a child, ring children's social care."


def a_field(**but):
    return Field(
        **{
            "id": "q",
            "label": "Question?",
            "kind": "text",
            "required": True,
            "sensitivity": Sensitivity.SPECIAL,
        }
        | but
    )


def the_problem(field, answer, **others):
    page = Page(id="p", title="Page", fields=(field,))
    return problems(page, {field.id: answer, **others}, TODAY).get(field.id)


def kept(field, answer):
    return tidy(Page(id="p", title="Page", fields=(field,)), {field.id: answer})[field.id]


YES_NO_MAYBE = (
    Option(id="a", label="A"),
    Option(id="b", label="B"),
    Option(id="none", label="None of these"),
)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (a_field(), "Write an answer."),
        (a_field(unknown=True), "Write an answer, or tick “Unknown”."),
        (a_field(kind="date", unknown=True), "Give a date, or tick “Unknown”."),
        (a_field(kind="number"), "Give a number."),
        (a_field(kind="email"), "Give an e-mail address."),
        (a_field(kind="yes_no"), "Choose yes or no."),
        (
            a_field(kind="yes_no_unknown", unknown_label="Not asked"),
            "Choose yes or no, or choose “Not asked”.",
        ),
        (a_field(kind="select", options=YES_NO_MAYBE), "Choose one."),
        (a_field(kind="multi", options=YES_NO_MAYBE), "Choose at least one."),
        (
            a_field(kind="agencies", unknown=True, unknown_label="None known"),
            "Choose at least one agency, or tick “None known”.",
        ),
        (a_field(kind="person"), "Choose a person."),
        (a_field(kind="confirm"), "Tick the box to confirm."),
    ],
)
@pytest.mark.parametrize("blank", [None, "", "   ", [], [""]])
def test_a_blank_is_asked_for_in_words_that_fit_the_question(field, said, blank):
    assert the_problem(field, blank) == said


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_optional_may_be_left_blank(kind):
    options = YES_NO_MAYBE if kind in ("select", "multi") else ()
    assert the_problem(a_field(kind=kind, required=False, options=options), None) is None


@pytest.mark.parametrize(
    "typed",
    ["unknown", "Unknown", "not known", "Don't know", "don’t know.", "N/K", "Not asked", "NONE KNOWN"],
)
def test_unknown_is_an_answer_however_it_is_written(typed):
    for kind in ("text", "long_text", "date", "number", "email"):
        field = a_field(kind=kind, unknown=True, min_length=50, min_lines=3, unknown_label="None known")
        assert kept(field, typed) == "unknown"
        assert the_problem(field, typed) is None


def test_where_unknown_is_no_answer_the_word_is_only_text():
    assert kept(a_field(), "unknown") == "unknown"
    assert the_problem(a_field(min_length=20), "unknown") == (
        "Say a little more: at least 20 characters. You have written 7."
    )
    assert the_problem(a_field(kind="date"), "unknown").startswith("Give the date as day, month and year")


@pytest.mark.parametrize("alone", ["unknown", "none"])
def test_unknown_and_none_stand_alone(alone):
    field = a_field(kind="multi", options=YES_NO_MAYBE, unknown=True)
    assert the_problem(field, [alone]) is None
    assert the_problem(field, ["a", "b"]) is None
    assert (
        the_problem(field, ["a", alone])
        == f"Choose either “{alone.capitalize() if alone == 'unknown' else alone}” or the others, not both."
    )


def test_an_answer_that_was_never_offered_is_refused():
    assert the_problem(a_field(kind="select", options=YES_NO_MAYBE), "z") == "Choose from the list."
    assert the_problem(a_field(kind="yes_no"), "unknown") == "Choose from the list."
    assert the_problem(a_field(kind="confirm"), "no") == "Tick the box to confirm."
    assert the_problem(a_field(kind="person"), ["p1", "p2"]) == "Choose one person."
    assert the_problem(a_field(kind="person", many=True), ["p1", "p2"]) is None


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2026-04-02", "2026-04-02"),
        ("2/4/2026", "2026-04-02"),  # the second of April, as in Britain
        ("02.04.2026", "2026-04-02"),
        ("2 April  2026", "2026-04-02"),
        ("2 apr 2026", "2026-04-02"),
        ("29-02-2024", "2024-02-29"),
        ("29 February 2026", None),
        ("31/4/2026", None),
        ("4/13/2026", None),
        ("last Tuesday", None),
        ("1.10", None),
    ],
)
def test_a_date_is_understood_as_people_write_it(typed, iso):
    assert (a_date(typed).isoformat() if a_date(typed) else None) == iso
    field = a_field(kind="date")
    assert kept(field, typed) == (iso or typed)
    assert (the_problem(field, typed) is None) is (iso is not None)


@pytest.mark.parametrize(
    ("check", "typed", "said"),
    [
        ("not_future", "23/11/2026", None),
        ("not_future", "24/11/2026", "This date has not come yet. Give today's date or an earlier one."),
        ("at_least_18", "23/11/2008", None),  # eighteen today
        ("at_least_18", "24/11/2008", TOO_YOUNG.format(18)),
        ("at_least_16", "24/11/2008", None),
        ("at_least_16", "24/11/2010", TOO_YOUNG.format(16)),
        ("at_least_18", "1/1/1890", "Check the year: this cannot be a date of birth."),
        ("at_least_18", "1/1/2027", "Check the year: this cannot be a date of birth."),
        ("last_3_months", "23/8/2026", None),
        ("last_3_months", "22/8/2026", "This is more than 3 months ago. Bring it up to date, then give the new date."),
        ("last_3_months", "24/11/2026", "This date has not come yet. Give today's date or an earlier one."),
    ],
)  # fmt: skip
def test_a_date_is_held_to_its_check_on_the_very_day(check, typed, said):
    """C6, C8, M12."""
    assert the_problem(a_field(kind="date", checks=(check,)), typed) == said


def test_somebody_born_on_29_february_comes_of_age_on_1_march():
    assert years_old(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert years_old(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("low", "high", "typed", "said"),
    [
        (1, 9, "7", None),
        (1, 9, " 9 ", None),
        (1, 9, "10", "Give a number from 1 to 9."),
        (1, 9, "0", "Give a number from 1 to 9."),
        (0, None, "-1", "Give a number of 0 or more."),
        (None, 5, "6", "Give a number of 5 or less."),
        (1, 9, "seven", "Give a whole number, such as 1."),
        (None, None, "7.5", "Give a whole number, such as 3."),
    ],
)
def test_a_number_is_whole_and_within_its_bounds(low, high, typed, said):
    """M5, M10."""
    assert the_problem(a_field(kind="number", minimum=low, maximum=high), typed) == said


def test_a_story_is_neither_too_short_nor_too_long_nor_in_one_line():
    """C16, C22, M9."""
    field = a_field(kind="long_text", min_length=10, max_length=30, min_lines=2)
    assert the_problem(field, "short") == "Say a little more: at least 10 characters. You have written 5."
    assert the_problem(field, "x" * 31) == "Shorten this to 30 characters. You have written 31."
    assert the_problem(field, "one line only") == "Give at least 2, each on a line of its own."
    assert the_problem(field, "one thing\n\nanother") is None


def test_an_nhs_number_is_kept_without_its_spaces_and_a_wrong_one_is_noticed():
    """C10. 943 476 5919 is the number that the NHS data dictionary uses as its example."""
    field = a_field(checks=("nhs_number",))
    assert kept(field, " 943 476 5919 ") == "9434765919"
    assert the_problem(field, "943-476-5919") is None
    assert the_problem(field, "943 476 5918").startswith("Check this NHS number")


@given(st.integers(0, 10**9 - 1), st.integers(0, 9))
def test_of_ten_last_digits_one_at_most_makes_an_nhs_number(nine, wrong):
    right = [last for last in range(10) if is_nhs_number(f"{nine:09}{last}")]
    assert len(right) <= 1
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(f"{nine:09}"))
    for last in right:
        assert (total + last) % 11 == 0
    assert is_nhs_number(f"{nine:09}{wrong}") is (wrong in right)


@pytest.mark.parametrize(
    "typed", ["", "12345", "943476591", "94347659190", "9434765919x", "٩٤٣٤٧٦٥٩١٩", "943 476 591"]
)
def test_what_is_not_ten_plain_digits_is_no_nhs_number(typed):
    assert not is_nhs_number(typed)


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("01632 960 001", True),  # numbers that Ofcom keeps for drama
        ("+44 (0)1632 960001 ext 12", True),
        ("duty@aldermere.example", True),
        ("0163", False),
        ("ask at the desk", False),
        ("a@b", False),
        ("one@x.example two@x.example", False),
    ],
)
def test_a_call_back_is_one_number_or_one_address(typed, fine):
    """C4."""
    assert (is_phone(typed) or is_email(typed)) is fine
    assert (the_problem(a_field(checks=("phone_or_email",)), typed) is None) is fine


CONSENT = a_field(
    id="consent",
    kind="select",
    options=(Option(id="given", label="Given"), Option(id="refused", label="Refused")),
)
RATIONALE = a_field(
    id="rationale", required=False, required_if=Condition(field="consent", none_of=("given",))
)


@pytest.mark.parametrize(("consent", "needed"), [("given", False), ("refused", True), (None, False)])
def test_anything_but_consent_asks_for_a_reason(consent, needed):
    """C15, C16: on the same page, and on a later one."""
    same = Page(id="p", title="P", fields=(CONSENT, RATIONALE))
    assert ("rationale" in problems(same, {"consent": consent}, TODAY)) is needed
    later = Page(id="p", title="P", fields=(RATIONALE,))
    assert ("rationale" in problems(later, {"consent": consent}, TODAY)) is needed


def test_a_condition_reads_the_tidied_answer():
    born = a_field(id="born", kind="date", unknown=True)
    age = a_field(
        id="age", kind="number", required=False, required_if=Condition(field="born", one_of=("unknown",))
    )
    assert "age" in problems(Page(id="p", title="P", fields=(born, age)), {"born": "not known"}, TODAY)


@pytest.mark.parametrize(
    ("condition", "answer", "holds"),
    [
        (Condition(field="x", one_of=("a", "b")), "a", True),
        (Condition(field="x", one_of=("a", "b")), ["c", "b"], True),
        (Condition(field="x", one_of=("a", "b")), None, False),
        (Condition(field="x", none_of=("a",)), "b", True),
        (Condition(field="x", none_of=("a",)), ["a", "b"], False),
        (Condition(field="x", none_of=("a",)), "", False),
        (Condition(field="x", not_all_of=("a", "b")), ["a"], True),
        (Condition(field="x", not_all_of=("a", "b")), ["b", "a", "c"], False),
        (Condition(field="x", not_all_of=("a", "b")), [], False),
        (Condition(field="x", answered=True), "unknown", True),
        (Condition(field="x", answered=True), None, False),
        (Condition(field="x", answered=False), None, True),
        (Condition(field="x", answered=False), "a", False),
    ],
)
def test_a_condition_is_met_by_what_was_answered(condition, answer, holds):
    assert condition.holds({"x": answer}) is holds


def test_pages_and_fields_that_do_not_apply_are_not_shown_nor_checked():
    hoarding = Condition(field="concerns", one_of=("hoarding",))
    first = Page(id="one", title="One", fields=(a_field(id="concerns", kind="multi", options=YES_NO_MAYBE),))
    second = Page(id="two", title="Two", fields=(a_field(id="rooms"),), shown_if=hoarding)
    third = Page(
        id="three", title="Three", fields=(a_field(id="fire", shown_if=hoarding), a_field(id="rest"))
    )
    only = Page(id="four", title="Four", fields=(a_field(id="more", shown_if=hoarding),))
    form = Form(id="f", title="F", when="referral", pages=(first, second, third, only))
    assert [(p.id, [f.id for f in p.fields]) for p in shown(form, {})] == [
        ("one", ["concerns"]),
        ("three", ["rest"]),
    ]
    assert [p.id for p in shown(form, {"concerns": ["hoarding"]})] == ["one", "two", "three", "four"]
    assert set(problems(third, {}, TODAY)) == {"rest"}
    assert set(problems(third, {"concerns": ["hoarding"]}, TODAY)) == {"fire", "rest"}


@given(
    st.sampled_from(KINDS), st.booleans(), st.booleans(), st.one_of(st.none(), st.text(), st.lists(st.text()))
)
def test_whatever_arrives_gets_an_answer_in_plain_words_and_never_an_error(kind, required, unknown, answer):
    options = YES_NO_MAYBE if kind in ("select", "multi") else ()
    field = a_field(kind=kind, required=required, unknown=unknown, options=options)
    said = the_problem(field, answer)
    assert said is None or (said[0].isupper() and said.endswith(".") and len(said) < 150)
    assert kept(field, kept(field, answer)) == kept(field, answer), "tidying twice changes nothing"


def test_somebody_else_is_asked_for_where_the_pathway_says_so():
    """C5: the manager who agrees is not the referrer."""
    page = Page(id="p", title="P", fields=(a_field(kind="person", checks=("not_yourself",)),))
    [field] = page.fields
    assert problems(page, {field.id: "mary"}, TODAY, by="mary") == {
        field.id: "Choose somebody other than yourself."
    }
    assert problems(page, {field.id: "tom"}, TODAY, by="mary") == {}
