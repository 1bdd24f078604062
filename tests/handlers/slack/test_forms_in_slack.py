"""A page of a form as a modal and back again: what is shown can be answered, what is answered is kept."""

import json
from typing import Any, get_args

import pytest

from bot.domain.forms import Condition, Field, Form, Option, Page
from bot.domain.questions import Kind
from bot.handlers.slack.answers import answer_of, answers_in, option, options_of
from bot.handlers.verbs.pages import (
    Register,
    fitting,
    next_page,
    page_before,
    page_view,
)

FEW = tuple(Option(id=f"o{n}", label=f"Choice {n}") for n in range(4))
MANY = tuple(Option(id=f"o{n}", label=f"Agency number {n} of Aldermere") for n in range(140))
CHOICES = {"select": FEW, "multi": FEW}


def a_field(kind: str = "text", id: str = "q", **but: Any) -> Field:
    given = {
        "label": "A question?",
        "required": True,
        "sensitivity": 3,
        "options": CHOICES.get(kind, ()),
        **but,
    }
    return Field(id=id, kind=kind, **given)


def a_form(*fields: Field, pages: tuple[Page, ...] = ()) -> Form:
    one = (Page(id="one", title="The person", fields=fields),) if fields else ()
    return Form(id="f", title="A form", when="referral", pages=(*one, *pages))


@pytest.fixture
def view(shape, judge):
    def shown(form: Form, page: str = "one", answers: dict | None = None, **but: Any) -> dict:
        register = Register(agencies=MANY, people=FEW)
        made = page_view(
            shape,
            form,
            page,
            answers or {},
            callback_id="refer",
            ids={"draft": "d1"},
            **{"register": register, **but},
        )
        assert judge(made, "modal") == []
        return made

    return shown


def block(view: dict, id: str) -> dict:
    return next(each for each in view["blocks"] if each.get("block_id") == id)


GIVEN = {
    "yes_no": "no",
    "yes_no_unknown": "unknown",
    "text": 'Jo "J" <&>',
    "long_text": "Two\nlines",
    "date": "1950-02-03",
    "number": "7",
    "email": "ada@a.example",
    "select": "o2",
    "multi": ["o1", "o3"],
    "agencies": ["o9", "o111"],
    "person": "o1",
    "confirm": "yes",
}


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("required", [True, False])
def test_an_answer_of_every_kind_is_shown_again_and_read_back_as_it_was(kind, required, view):
    """The draft is what the person sent: shown on the way back, it must not have changed (design section 4)."""
    made = view(a_form(a_field(kind, required=required)), answers={"q": GIVEN[kind]})
    assert answers_in(as_sent(made)) == {"q": GIVEN[kind]}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_blank_of_every_kind_is_none(kind, view):
    assert answers_in(as_sent(view(a_form(a_field(kind, required=False))))) == {"q": None}


@pytest.mark.parametrize("kind", ["text", "long_text", "date", "number", "email", "agencies", "person"])
def test_unknown_can_be_answered_to_what_has_no_choices_of_its_own(kind, view):
    """forms.md: "unknown" is always an answer that can be chosen, never a blank."""
    form = a_form(a_field(kind, unknown=True, unknown_label="Nobody knows"))
    assert answers_in(as_sent(view(form, answers={"q": "unknown"}))) == {"q": "unknown"}
    assert answers_in(as_sent(view(form))) == {"q": None}
    assert answers_in(as_sent(view(form, answers={"q": GIVEN[kind]}))) == {"q": GIVEN[kind]}
    tick = block(view(form), "q:unknown")
    assert tick["element"]["options"][0]["text"]["text"] == "Nobody knows"


def test_what_is_typed_is_worth_more_than_the_tick_beside_it():
    date = {"type": "datepicker", "selected_date": "1950-02-03"}
    tick = {"type": "checkboxes", "selected_options": [{"value": "unknown"}]}
    state = {"born": {"answer": date}, "born:unknown": {"unknown": tick}}
    assert answers_in(state) == {"born": "1950-02-03"}
    assert answers_in(dict(reversed(state.items()))) == {"born": "1950-02-03"}


@pytest.mark.parametrize(
    ("element", "answer"),
    [
        ({"type": "plain_text_input", "value": "  "}, None),
        ({"type": "number_input", "value": "7"}, "7"),
        ({"type": "datetimepicker", "selected_date_time": 1775136600}, "1775136600"),
        ({"type": "timepicker", "selected_time": "14:30"}, "14:30"),
        ({"type": "users_select", "selected_user": "U0ADA"}, "U0ADA"),
        ({"type": "multi_users_select", "selected_users": ["U0ADA"]}, ["U0ADA"]),
        ({"type": "conversations_select", "selected_conversation": "C0X"}, "C0X"),
        ({"type": "multi_static_select", "selected_options": []}, []),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "button", "value": "a1"}, "a1"),
        ({"type": "overflow", "selected_option": {"value": "o1"}}, "o1"),
        (
            {
                "type": "rich_text_input",
                "rich_text_value": {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hello "},
                                                                   {"type": "link", "url": "https://a.example"}]},
                        {"type": "rich_text_list", "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                            {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]}]},
                    ],
                },
            },
            "Hello https://a.example\none\ntwo",
        ),
        ({"type": "rich_text_input", "rich_text_value": None}, None),
    ],
)  # fmt: skip
def test_every_input_that_slack_has_can_be_read(element, answer):
    assert answer_of(element) == answer


@pytest.mark.parametrize(
    ("field", "control"),
    [
        (a_field("yes_no"), "radio_buttons"),
        (a_field("yes_no", required=False), "static_select"),
        (a_field("select", options=MANY[:9]), "static_select"),
        (a_field("select", options=MANY[:100]), "static_select"),
        (a_field("select", options=MANY), "external_select"),
        (a_field("multi", options=MANY[:10]), "checkboxes"),
        (a_field("multi", options=MANY[:11]), "multi_static_select"),
        (a_field("agencies"), "multi_external_select"),
        (a_field("person"), "radio_buttons"),
        (a_field("person", many=True), "checkboxes"),
        (a_field("long_text"), "plain_text_input"),
        (a_field("email"), "email_text_input"),
        (a_field("date"), "datepicker"),
        (a_field("number", minimum=0, maximum=24), "number_input"),
        (a_field("confirm"), "checkboxes"),
    ],
)
def test_a_question_gets_the_control_that_holds_its_choices(field, control, view):
    assert block(view(a_form(field)), "q")["element"]["type"] == control


def test_one_question_is_one_block_whose_id_is_the_fields(view):
    made = view(a_form(a_field(id="name"), a_field("date", id="born", unknown=True, hint="Or an estimate.")))
    inputs = [each["block_id"] for each in made["blocks"] if each["type"] == "input"]
    assert inputs == ["name", "born", "born:unknown"]
    assert block(made, "born")["hint"]["text"].startswith("Or an estimate. ")
    assert json.loads(made["private_metadata"]) == {"draft": "d1", "page": "one"}


def test_slack_holds_back_only_what_is_missing_whatever_else_is_answered(view):
    """What is required because of an answer on this very page is the domain's to say, beside the question."""
    here = Condition(field="name", answered=True)
    before = Condition(field="danger", one_of=("yes",))
    form = a_form(
        a_field(id="name"),
        a_field(id="why", required=False, required_if=here),
        a_field(id="who", required=False, required_if=before),
        a_field("date", id="born", unknown=True),
    )
    made = view(form, answers={"name": "Jo", "danger": "yes"})
    optional = {b["block_id"]: b["optional"] for b in made["blocks"] if b["type"] == "input"}
    assert optional == {"name": False, "why": True, "who": False, "born": True, "born:unknown": True}


def test_a_question_on_which_others_hang_tells_us_at_once(view):
    hangs = a_field(id="why", shown_if=Condition(field="told", one_of=("no",)))
    form = a_form(a_field("yes_no", id="told"), hangs)
    assert block(view(form), "told")["dispatch_action"] is True
    assert [b["block_id"] for b in view(form)["blocks"] if b["type"] == "input"] == ["told"]
    assert block(view(form, answers={"told": "no"}), "why")


def test_pages_say_where_one_is_and_let_one_back(view):
    two = Page(id="two", title="The concern", fields=(a_field(id="why"),), intro="In your words.")
    hidden = Page(id="h", title="H", fields=(a_field(id="h"),), shown_if=Condition(field="q", one_of=("no",)))
    form = a_form(a_field(), pages=(hidden, two))
    first, second = view(form), view(form, "two")
    assert first["blocks"][0]["elements"][0]["text"] == "Page 1 of 2"
    assert second["blocks"][0]["elements"][0]["text"] == "Page 2 of 2"
    assert (first["submit"]["text"], second["submit"]["text"]) == ("Next", "Send")
    assert second["blocks"][-1]["elements"][0]["action_id"] == "form.back"
    assert all(b["type"] != "actions" for b in first["blocks"])
    assert (next_page(form, "one", {}), next_page(form, "two", {})) == ("two", None)
    assert next_page(form, "one", {"q": "no"}) == "h"
    assert (page_before(form, "two", {}), page_before(form, "one", {})) == ("one", None)


def test_a_page_that_does_not_apply_cannot_be_shown(view):
    with pytest.raises(KeyError):
        view(a_form(a_field()), "two")


def test_external_choices_are_found_by_any_of_their_words():
    found = options_of(fitting(MANY, "number ALDERMERE 13"))
    assert [each["value"] for each in found] == ["o13", "o113", "o130", "o131", "o132", "o133", "o134", "o135",
                                                 "o136", "o137", "o138", "o139"]  # fmt: skip
    assert len(options_of(fitting(MANY, ""))) == 100


def test_a_long_choice_is_cut_for_display_and_keeps_its_meaning():
    cut = option(Option(id="x" * 80, label="y" * 80))
    assert len(cut["text"]["text"]) == 75
    assert cut["value"] == "x" * 80


def as_sent(view: dict) -> dict:
    """The state that Slack sends when somebody submits this modal as it stands."""
    state = {}
    for each in view["blocks"]:
        if each["type"] != "input":
            continue
        element, held = each["element"], {"type": each["element"]["type"]}
        kind = held["type"]
        if kind in ("static_select", "radio_buttons", "external_select"):
            held["selected_option"] = element.get("initial_option")
        elif kind in ("checkboxes", "multi_static_select", "multi_external_select"):
            held["selected_options"] = element.get("initial_options", [])
        elif kind == "datepicker":
            held["selected_date"] = element.get("initial_date")
        else:
            held["value"] = element.get("initial_value")
        state[each["block_id"]] = {element["action_id"]: held}
    return state
