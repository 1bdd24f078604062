"""What to do about a fault in a pathway file: the word probably meant, what may stand there, a line that would do.

Nothing is listed here twice: what may stand somewhere comes from the schema, the words of a file from the file itself,
and example lines from the shipped files, so a new setting has its remedy as soon as it is in use.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path as File
from typing import Any

from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import Listing, Node, Settings, Source
from bot.pathways.reader import SHIPPED
from bot.pathways.schema import Schema, schema, tool_schema
from bot.pathways.vocabulary import CHANNEL_WORDS, ROLES

_LISTED = re.compile(r"(?:one of|choose from|choose one of|the units are) (?P<words>[a-z_0-9, -]+)")
_QUOTED = re.compile(r"“([^”]*)”")
_SHOWN = 4
"""Lines of an example; a longer one ends in …"""


def with_remedies(faults: Iterable[Fault], folder: File) -> list[Fault]:
    """The faults of files in that folder (or of its `tools/`), each with what to do about it."""
    sources: dict[str, _Text] = {}
    found = []
    for fault in faults:
        if fault.file not in sources:
            sources[fault.file] = _Text.read(folder, fault.file)
        found.append(_remedied(fault, sources[fault.file]))
    return found


@dataclass(frozen=True, kw_only=True)
class _Text:
    """A file at fault as far as it can be read: None for `plain` where it is no YAML."""

    plain: Any
    shape: Schema
    lines: tuple[str, ...]

    @classmethod
    def read(cls, folder: File, name: str) -> "_Text":
        places = (folder / name, folder / "tools" / name, folder.parent / "tools" / name)
        file = next((place for place in places if place.is_file()), None)
        try:
            plain = Source(file).plain if file else None
        except BadPathway:
            plain = None
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file else []
        shape = tool_schema() if file and file.parent.name == "tools" else schema()
        return cls(plain=plain, shape=shape, lines=tuple(lines))


def _remedied(fault: Fault, text: _Text) -> Fault:
    steps = _steps(fault.path, text.plain)
    place = _Place(text.shape, steps)
    remedy = _advice(fault, steps, place, text)
    return replace(fault, remedy=remedy, example=_example(place, steps, fault.reason))


def _steps(path: str, plain: Any) -> tuple[str | int, ...]:
    """`stages.0.owner` as its parts, figures as numbers where the file has a list."""
    return tuple(int(step) if step.isdigit() else step for step in path.split(".")) if path else ()


class _Place:
    """Where in the schema a fault stands: the settings around it, the name it has there, what may stand at it."""

    def __init__(self, root: Schema, steps: Sequence[str | int]) -> None:
        self.root = root
        self.around: tuple[str, Schema] = ("Pathway", root)
        self.key = ""
        self.here: Schema | None = root
        name = "Pathway"
        for step in steps:
            if self.here is None:
                break
            self._down(step, name)
            name = ""

    def _down(self, step: str | int, title: str) -> None:
        for name, branch in branches(self.root, self.here or {}, title):
            inner = _inside(branch, step)
            if inner is not None:
                if isinstance(step, str) and step in branch.get("properties", {}):
                    self.around, self.key = (name, branch), step
                self.here = inner
                return
        named = [each for each in branches(self.root, self.here or {}, title) if "properties" in each[1]]
        if named:
            self.around = named[0]
        self.key, self.here = str(step), None

    @property
    def settings(self) -> list[str]:
        """What may be set around it."""
        return list(self.around[1].get("properties", {}))

    def choices(self) -> list[str]:
        """The fixed words that may stand there, empty where there are none."""
        found: list[str] = []
        for _, branch in branches(self.root, self.here or {}):
            found += [str(word) for word in branch.get("enum", ())]
            found += [str(branch["const"])] if "const" in branch else []
        return found

    def kind(self) -> str:
        """What may stand there, in words; "" where the schema does not know the place."""
        said = [_kind(branch) for _, branch in branches(self.root, self.here or {})]
        return " or ".join(dict.fromkeys(each for each in said if each))


def branches(root: Schema, part: Schema, name: str = "") -> Iterator[tuple[str, Schema]]:
    """What a part of the schema allows, one by one, references followed, each with its definition's name."""
    if "$ref" in part:
        name = str(part["$ref"]).rpartition("/")[2]
        yield from branches(root, root["$defs"][name], name)
    elif "anyOf" in part and "properties" not in part:
        for each in part["anyOf"]:
            yield from branches(root, each, name)
    else:
        yield name, part


def _inside(part: Schema, step: str | int) -> Schema | None:
    if isinstance(step, str) and step in part.get("properties", {}):
        inner: Schema = part["properties"][step]
        return inner
    if isinstance(step, int) and "items" in part:
        listed: Schema = part["items"]
        return listed
    free = part.get("additionalProperties")
    return free if isinstance(free, dict) else None


def _kind(part: Schema) -> str:
    if "enum" in part or "const" in part:
        words = [str(word) for word in part.get("enum", [part.get("const")])]
        return _or(words)
    if "pattern" in part:
        return "a time of day such as 17:00"
    match part.get("type"):
        case "string":
            return "text"
        case "integer":
            return "a whole number"
        case "boolean":
            return "true or false"
        case "array":
            return "a list, one “- ” a line or [a, b]"
        case "null":
            return "null"
        case "object":
            names = list(part.get("properties", {}))
            return (
                f"settings of its own ({', '.join(names)})"
                if names
                else "settings of its own, one “name: words” a line"
            )
        case _:
            return ""


_SAID = (
    (r"later than the rung before", "Put the rungs in order of `offset`, the earliest first, no day twice."),
    (r"parts for a case take (\d+)", "Write {0} or more, or shorten the agenda's `per_case` parts."),
    (r"the tool has only (\d+) questions", "Write {0} or less."),
    (r"must be from 1 to (\d+)", "Choose a number from 1 to {0}."),
    (r"an action always needs (.+) too", "Add {0} to the list."),
    (
        r"first question must be “(.+)”",
        "Begin the referral's first page with the field {0}, as the example has it.",
    ),
    (r"the referral must ask for “(.+)”", "Add a field with `id: {0}` to the referral form."),
    (
        r"must hold one form for the referral",
        "Give exactly one form `when: referral`, at most one `when: after_acceptance`.",
    ),
    (r"must hold a panel", "Add a stage with `kind: panel`."),
    (r"three numbers", "Write all three, such as 1.0.0, and a higher one whenever you change a file in use."),
    (r"window is counted in", "Write {{months: 12}} or {{days: 90}}."),
    (r"exactly one of (one_of.+)", "Keep one of {0} and delete the others."),
    (r"required already", "Delete `required_if`, or write `required: false`."),
    (
        r"field must have options",
        "Add `options:` with one `id: words` a line below it, or choose another `kind`.",
    ),
    (r"field has no options", "Delete `options`, or write `kind: select` or `kind: multi`."),
    (r"has no (?:length|minimum or maximum)", "Delete that limit, or choose another `kind`."),
    (r"(\w+) does not go with a", "Delete {0} from `checks`, or choose another `kind`."),
    (r"set (recurs\.invite) to (\{wd: \d+\})", "Set `invite: {1}` in `recurs`, or a shorter time here."),
    (
        r"set (\{wd: \d+\}) or more",
        "Write {0} or more days, so that the list is closed when the agenda is made.",
    ),
    (r"must be working days", "Write the number in braces: {{wd: 5}}."),
    (
        r"set by the data protection officer",
        "Ask your data protection officer, and write `area` until the area's file says it.",
    ),
    (r"must be in calendar days", "Write {{days: 30}}."),
    (r"only for a meeting that hears several", "Delete the line, or write `many_cases: true`."),
    (
        r"one length such as",
        "Write one number and its unit: {{wd: 3}}, {{hours: 4}}, {{days: 14}}, {{months: 12}}, or same_day.",
    ),
    (
        r"no such unit",
        "Write {{wd: 3}} for working days, {{days: 7}} for a week, {{hours: 4}}, {{months: 12}}, or same_day.",
    ),
    (r"must be a list of questions", "Put each question below it, on a line that begins with “- ”."),
    (r"a channel may show", "Take it out of the list. A channel may show: " + ", ".join(CHANNEL_WORDS) + "."),
    (
        r"must say what speaks|must hold one of met_if",
        "Write met_if, number, tool or date below `says`, or delete `says`.",
    ),
    (
        r"question with an id, or one of",
        "Write `id` and `question`, or all, any, not or count around other questions.",
    ),
    (r"must be required or optional", "Write `required` or `optional` after the type of agency."),
    (
        r"monthly panel needs nth",
        "Write `nth: 2` for the second such weekday of a month; delete `nth` for weeks.",
    ),
    (
        r"name of a file in tools",
        "Write the file's name alone, such as example-risk-tool, or null for no checklist.",
    ),
    (
        r"must say what the referrer is to do",
        "Write one or two sentences to the referrer: where it goes, and what they do.",
    ),
    (r"must name somebody|at least one rung", "Name a role, such as `to: coordinator`."),
)
"""What to do about what a rule says, by its words; figures in the words are used."""


def _advice(fault: Fault, steps: Sequence[str | int], place: _Place, text: _Text) -> str:
    reason, last = fault.reason, str(steps[-1]) if steps else ""
    if reason.startswith("no YAML"):
        written = text.lines[fault.line - 1] if fault.line <= len(text.lines) else ""
        return _not_yaml(reason, written)
    if reason.startswith("given twice"):
        return f"Keep one of the two “{last}” lines and delete the other; only one can count."
    if reason.startswith("no such setting here"):
        found = re.search(r"write (.+)", reason)
        return f"Write {found[1]} in its place." if found else _unknown_setting(last, place)
    if reason.startswith("must be given"):
        return f"Add the line “{last}:” here; it is {_kind_here(place, text) or 'needed'}."
    if "characters long" in reason and (numbers := re.findall(r"\d+", reason)):
        return f"Shorten it by {int(numbers[0]) - int(numbers[1])} characters."
    if "there already" in reason or "named already" in reason or "is also in" in reason:
        return "Give one of the two another name; if it is the same thing, delete one."
    if "circle" in reason:
        return "Take `required_if` away from one of the questions in the circle, or write `required: true` there."
    if "not asked before this" in reason:
        return "Move that question further up, or make this hang on one that is asked earlier."
    if "is never invited" in reason:
        return _meant(_QUOTED.findall(reason)[:1], _keys(text.plain, "invite"), "`invite` has")
    if "must be lower-case" in reason:
        joint = "-" if "hyphens" in reason else "_"
        words = re.sub(r"[^a-z0-9]+", joint, _value(text.plain, steps).lower()).strip(joint)
        return f"Write {words}." if words else "Write small letters and figures only."
    for pattern, words in _SAID:
        if found := re.search(pattern, reason):
            return words.format(*found.groups())
    choices = _vocabulary(reason, text.plain) or _choices(place, text)
    if choices:
        said = _QUOTED.findall(reason)[:1] or re.findall(r"not '([^']*)'", reason)
        given = said or [_value(text.plain, steps), last]
        return _meant(given, choices, "There are" if len(choices) > 1 else "There is")
    if "must be text" in reason:
        return 'Put it in quotes, such as "2027" or "true": without them figures, true, false and null are no text.'
    if kind := place.kind():
        return f"Here stands {kind}."
    return "Compare this place with a shipped file, and read “Write a pathway” about this setting."


def _choices(place: _Place, text: _Text) -> list[str]:
    """The fixed words for a place; where they are roles, those that the file gives somebody."""
    found = place.choices()
    mine = [role for role in _keys(text.plain, "roles") if role in ROLES]
    return mine if mine and set(found) == set(ROLES) else found


def _kind_here(place: _Place, text: _Text) -> str:
    choices = _choices(place, text)
    return _or(choices) if choices and choices != place.choices() else place.kind()


def _unknown_setting(name: str, place: _Place) -> str:
    settings = place.settings
    if near := get_close_matches(name, settings, n=1, cutoff=0.6):
        return f"Did you mean “{near[0]}”? Here may stand: {', '.join(settings)}."
    homes = [title for title, keys in _homes(place.root).items() if name in keys]
    moved = f"“{name}” belongs into {_or(homes)}: look at the indentation. " if homes else "Delete the line. "
    return f"{moved}Here may stand: {', '.join(settings)}." if settings else moved.strip()


_HOME = {
    "Pathway": "the top of the file",
    "Stage": "a stage",
    "Field": "a field",
    "Page": "a page",
    "Form": "a form",
    "Leaf": "a question of the criteria",
    "Rung": "a rung of a ladder",
    "Condition": "a condition",
}


def _homes(root: Schema) -> dict[str, list[str]]:
    """Which settings have which keys, by how people call those settings."""
    found = {_HOME["Pathway"]: list(root.get("properties", {}))}
    owners = {
        str(value.get("$ref", value.get("items", {}).get("$ref", ""))).rpartition("/")[2]: f"`{key}`"
        for key, value in root.get("properties", {}).items()
    }
    for name, part in root["$defs"].items():
        title = _HOME.get(name) or owners.get(name)
        if title:
            found[title] = list(part.get("properties", {}))
    return found


def _meant(given: Iterable[str], words: Sequence[str], lead: str) -> str:
    """Did you mean …, and all there are, as far as a screen holds them."""
    some = list(words) if len(words) <= 16 else [*words[:15], "…"]
    listed = f"{lead}: {', '.join(some)}."
    for word in (str(each).lower() for each in given if each):
        near = get_close_matches(word, words, n=1, cutoff=0.6)
        near = near or [each for each in words if each.startswith(word) and len(word) > 2]
        if near:
            return f"Did you mean “{near[0]}”? {listed}"
    return listed


def _vocabulary(reason: str, plain: Any) -> list[str]:
    """The words that a reason speaks of: those that it lists, or those that the file declares."""
    if match := _LISTED.search(reason):
        return [word.strip() for word in match["words"].split(",") if word.strip() not in ("", "or")]
    if found := re.search(r"is not among this pathway's (\w+)", reason):
        return _keys(plain, found[1])
    if (found := re.search(r"there is no (\w+) “", reason)) and (listed := _keys(plain, f"{found[1]}s")):
        return listed
    if found := re.search(r"there is no (number |date )?field", reason):
        kind = (found[1] or "").strip()
        return [id for id, field in _fields(plain) if not kind or field.get("kind") == kind]
    if "is no answer to" in reason:
        return _answers(plain, _QUOTED.findall(reason)[-1])
    if "held by a person" in reason:
        roles = plain.get("roles") if isinstance(plain, dict) else None
        held = roles.items() if isinstance(roles, dict) else ()
        return [str(id) for id, role in held if isinstance(role, dict) and role.get("held_by") == "person"]
    if found := re.search(r"there is no tools/", reason):
        return sorted(file.stem for file in (SHIPPED / "tools").glob("*.yml"))
    return []


def _keys(plain: Any, section: str) -> list[str]:
    """The names that a part of the file declares, written as a mapping or as entries with ids."""
    part = plain.get(section) if isinstance(plain, dict) else None
    if isinstance(part, list):
        return [str(each["id"]) for each in part if isinstance(each, dict) and "id" in each]
    return [str(key) for key in part] if isinstance(part, dict) else []


def _fields(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every question of the forms, wherever it stands."""
    forms = part.get("forms") if isinstance(part, dict) else None
    for form in forms if isinstance(forms, list) else ():
        pages = form.get("pages") if isinstance(form, dict) else None
        for page in pages if isinstance(pages, list) else ():
            fields = page.get("fields") if isinstance(page, dict) else None
            for field in fields if isinstance(fields, list) else ():
                if isinstance(field, dict) and "id" in field:
                    yield str(field["id"]), field


def _answers(plain: Any, id: str) -> list[str]:
    field = dict(_fields(plain)).get(id, {})
    options = field.get("options")
    found = [str(key) for key in options] if isinstance(options, dict) else []
    if str(field.get("kind", "")).startswith("yes_no"):
        found = ["yes", "no"]
    if field.get("unknown") is True or field.get("kind") == "yes_no_unknown":
        found.append("unknown")
    return found


def _value(plain: Any, steps: Sequence[str | int]) -> str:
    for step in steps:
        try:
            plain = plain[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return plain if isinstance(plain, str) else ""


def _not_yaml(reason: str, written: str) -> str:
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "Use spaces at the start of a line, never the tab key."
    if "values are not allowed" in reason:
        return 'Text that holds a colon and a space needs quotes: title: "Panel: first meeting".'
    if "deeply" in reason or "itself" in reason:
        return "Write it out: a pathway needs no `&` and no `*`."
    if "mark" in reason:
        return "Delete the word that begins with “!”, or put the text in quotes."
    if "cannot start any token" in reason or "special" in reason:
        return "Text that begins with @, %, &, *, !, [ or { needs quotes."
    return (
        "Look at this line and the one above: two spaces more for what belongs to the line above, a space after each"
        " colon, every quote and bracket closed, and quotes around text that holds “: ” or begins with a sign."
    )


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else ""


def _example(place: _Place, steps: Sequence[str | int], reason: str) -> str:
    if reason.startswith(("given twice", "no YAML")):
        return ""
    if "first question must be" in reason:
        return "- {id: danger, label: Is anyone in immediate danger?, kind: yes_no, required: true, sensitivity: 1}"
    if "held by a person" in reason:
        return f"{place.key}: board"
    name, settings = place.around
    key = place.key
    if key not in settings.get("properties", {}):
        near = get_close_matches(key, list(settings.get("properties", {})), n=1, cutoff=0.6)
        key = near[0] if near else ""
    return _examples(place.root is tool_schema()).get((name, key), "")


@cache
def _examples(of_tools: bool) -> dict[tuple[str, str], str]:
    """For each setting, by the definition that has it, the first shipped line or lines that set it."""
    found: dict[tuple[str, str], str] = {}
    root = tool_schema() if of_tools else schema()
    for file in sorted((SHIPPED / "tools" if of_tools else SHIPPED).glob("*.yml")):
        try:
            source = Source(file)
        except BadPathway:
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for name, key, first, last in _set(root, root, source.root, "Pathway"):
            shown = _lines(lines, first, last)
            if shown != f"{key}: null":
                found.setdefault((name, key), shown)
    return found


def _set(root: Schema, part: Schema, node: Node, name: str) -> Iterator[tuple[str, str, Node, Node]]:
    """Every setting of a file with the name of what it belongs to."""
    for known, branch in branches(root, part, name):
        if isinstance(node, Settings):
            if node.value and not any(_inside(branch, str(key.value)) for key, _ in node.value):
                continue
            for key, value in node.value:
                inner = _inside(branch, str(key.value))
                if inner is not None:
                    if key.value in branch.get("properties", {}):
                        yield known, str(key.value), key, value
                    yield from _set(root, inner, value, "")
        elif isinstance(node, Listing) and "items" in branch:
            for each in node.value:
                yield from _set(root, branch["items"], each, "")


def _lines(lines: Sequence[str], key: Node, value: Node) -> str:
    first, indent = key.start_mark.line, key.start_mark.column
    if value.end_mark.line == first:
        return lines[first][indent : value.end_mark.column].rstrip()
    last = value.end_mark.line + (1 if value.end_mark.column > indent else 0)
    block = [re.sub(r"\s{2,}#.*$", "", line[indent:]).rstrip() for line in lines[first:last]]
    block = [line for line in block if line and not line.startswith("#")]
    return "\n".join(block if len(block) <= _SHOWN else [*block[:_SHOWN], "  …"])
