"""What the stand-in holds to be a card that Teams draws (teams.md section 7)."""

from typing import Any

import pytest

from bot.local.teams.cards import BYTES, REFRESH_FOR, faults

TEXT = {"type": "TextBlock", "text": "CV-7K4QMX"}
WHY = {"type": "Input.Text", "id": "why", "label": "Why?", "isMultiline": True}


def card(*body: Any, **more: Any) -> Any:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


DEEP = card(
    {
        "type": "Container",
        "items": [{"type": "ColumnSet", "columns": [{"type": "Column", "items": [TEXT, WHY]}]}],
    },
    {"type": "FactSet", "facts": [{"title": "a", "value": "b"}]},
    {"type": "ActionSet", "actions": [{"type": "Action.Execute", "verb": "done", "title": "Done"}]},
    {"type": "Input.ChoiceSet", "id": "pathway", "choices": [{"title": "a", "value": "a"}]},
    actions=[
        {"type": "Action.Submit", "title": "Raise", "data": {"msteams": {"type": "task/fetch"}}},
        {"type": "Action.ShowCard", "title": "More", "card": card({"type": "Input.Date", "id": "due"})},
    ],
    refresh={"action": {"type": "Action.Execute", "verb": "refresh"}, "userIds": ["29:1"] * REFRESH_FOR},
)


def test_a_card_with_everything_that_we_use_is_drawn():
    assert faults(DEEP) == []


def inside(part: Any) -> list[Any]:
    """The same part in each place where one may stand."""
    return [
        card(part),
        card({"type": "Container", "items": [part]}),
        card({"type": "ColumnSet", "columns": [{"type": "Column", "items": [part]}]}),
        card(actions=[{"type": "Action.ShowCard", "card": card(part)}]),
        card({"type": "Container", "items": [TEXT], "selectAction": part}),
    ]


@pytest.mark.parametrize("broken", inside({"type": "TextBlok", "text": "x"}))
def test_an_unknown_part_is_found_wherever_it_stands(broken: Any):
    assert faults(broken) == ["it has a part of type 'TextBlok', which is unknown"]


@pytest.mark.parametrize("broken", inside({"type": "Input.Text"}))
def test_a_question_without_an_id_is_found_wherever_it_stands(broken: Any):
    assert faults(broken) == ["a question of type Input.Text has no id"]


@pytest.mark.parametrize("where", inside(WHY))
def test_two_questions_of_one_id_are_found_wherever_they_stand(where: Any):
    both = {**where, "body": [WHY, *where["body"]]}
    assert faults(both) == ["two questions have the id 'why'"]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (card(TEXT, version="1.6"), "its version is not 1.5"),
        ({"version": "1.5", "body": []}, "its type is not AdaptiveCard"),
        (card({"type": "TextBlock"}), "a TextBlock has no text"),
        (card({"type": "Table"}), "it has a part of type 'Table', which is unknown"),
        (card(TEXT, actions=[{"title": "x"}]), "it has a part of type None, which is unknown"),
        (
            card(
                TEXT, refresh={"action": {"type": "Action.Execute"}, "userIds": ["29:1"] * (REFRESH_FOR + 1)}
            ),
            "it names more than 60 people who see it differently",
        ),
    ],
)
def test_a_fault_is_named(broken: Any, fault: str):
    assert faults(broken) == [fault]


def test_a_card_may_take_25_000_bytes_and_not_one_more():
    def of(size: int) -> Any:
        bare = len(b'{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":""}]}')
        return card({"type": "TextBlock", "text": "é" * ((size - bare) // 2) + "x" * ((size - bare) % 2)})

    assert faults(of(BYTES)) == []
    assert faults(of(BYTES + 1)) == [f"it takes {BYTES + 1} bytes, and {BYTES} are allowed"]
