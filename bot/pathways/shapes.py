"""From the shapes that people write to those of the dataclasses: `visit: A visit` for an id and a label."""

from typing import Any


class Absent:
    """A setting that the file does not give: pydantic is to say so."""


ABSENT = Absent()


def pairs(plain: object, name: str) -> object:
    """`{visit: A visit}` as `[{id: visit, label: A visit}]`."""
    if plain is None:
        return ABSENT
    return [{"id": id, name: text} for id, text in plain.items()] if isinstance(plain, dict) else plain


def each(plain: object, shape: Any) -> object:
    """A list with every mapping in it put into shape."""
    if plain is None:
        return ABSENT
    return (
        [shape(part) if isinstance(part, dict) else part for part in plain]
        if isinstance(plain, list)
        else plain
    )


def with_id(id: object, plain: object) -> object:
    """A mapping's entry with its key as its id."""
    return {"id": id, **plain} if isinstance(plain, dict) else plain


def rung(plain: dict[str, Any]) -> dict[str, Any]:
    """A rung; one role may stand without brackets."""
    return {**plain, "to": [plain["to"]]} if isinstance(plain.get("to"), str) else plain


def form(plain: dict[str, Any]) -> dict[str, Any]:
    """A form and its pages."""
    return {**plain, "pages": each(plain.get("pages", []), page)}


def page(plain: dict[str, Any]) -> dict[str, Any]:
    """A page and its fields; a risk tool's page has none of its own."""
    if plain.get("fields"):
        return {**plain, "fields": each(plain["fields"], field)}
    return {**plain, "fields": []} if plain.get("tool") else plain


def field(plain: dict[str, Any]) -> dict[str, Any]:
    """A field and its options."""
    return {**plain, "options": pairs(plain["options"], "label")} if plain.get("options") else plain
